#pragma once

#include <filesystem>
#include <string>

#include <neve/pipeline/artifact.hpp>

namespace neve {

/// Whose artifact it is. `folder` is the run's: the pipeline's name, in sweeps followed by the point's.
struct ArtifactAddress {
  std::string folder;
  std::string node;
};

/// Somebody who asked for artifacts. Thread-safe.
class Recorder {
 public:
  virtual ~Recorder() = default;

  /// Writes one artifact that is complete. Throws `io` and what drawing throws; the runner turns that into a warning.
  [[nodiscard]] virtual ArtifactReference record(const ArtifactAddress& address, const Artifact& artifact) = 0;
};

struct FolderRecorderOptions {
  std::string gnuplot = "gnuplot";  ///< found on the PATH when recording begins
};

/// Writes `folder/<pipeline>/<stage>/<name>.png`, `.npy` and `.json`, each replaced in one step.
///
/// Plots are drawn by gnuplot. Where there is none, their data are written instead (`<name>.json` and `.npy` files
/// beside it), and `warning` says so. Thread-safe: files of different artifacts are written at the same time.
class FolderRecorder final : public Recorder {
 public:
  /// Nothing is written before the first artifact.
  explicit FolderRecorder(std::filesystem::path folder, FolderRecorderOptions options = {});

  [[nodiscard]] ArtifactReference record(const ArtifactAddress& address, const Artifact& artifact) override;

  /// Why plots are not drawn; empty if they are.
  [[nodiscard]] const std::string& warning() const noexcept { return warning_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path gnuplot_;
  std::string warning_;
};

}  // namespace neve
