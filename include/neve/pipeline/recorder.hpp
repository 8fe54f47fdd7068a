#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include <neve/base/bytes.hpp>
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

  /// A problem with the recorder as a whole, for the run's report; empty if there is none.
  [[nodiscard]] virtual std::string warning() const { return {}; }
};

/// How a folder recorder draws. A plain value.
struct FolderRecorderOptions {
  std::string gnuplot = "gnuplot";                  ///< a program on the PATH, or a path
  std::filesystem::path temporary_folder = "/tmp";  ///< where gnuplot works
  std::chrono::milliseconds draw_limit{60'000};     ///< for one plot; then gnuplot is killed and not used again
};

/// Writes `folder/<pipeline>/<stage>/<name>.png`, `.npy` and `.json`, each replaced in one step.
///
/// Plots are drawn by gnuplot: the same plot gives the same file. Where gnuplot is missing, fails or hangs, a plot's
/// data are written instead (`<name>.json`, and `<name>.<part>.npy` for each curve), and `warning` says so.
/// Thread-safe: several artifacts are written at the same time.
class FolderRecorder final : public Recorder {
 public:
  /// Nothing is written before the first artifact.
  explicit FolderRecorder(std::filesystem::path folder, FolderRecorderOptions options = {});

  /// About 0.2 s for a plot, in a process of its own.
  [[nodiscard]] ArtifactReference record(const ArtifactAddress& address, const Artifact& artifact) override;
  [[nodiscard]] std::string warning() const override;

 private:
  [[nodiscard]] std::optional<Bytes> draw(const Artifact& artifact);

  std::filesystem::path folder_;
  FolderRecorderOptions options_;
  mutable std::mutex mutex_;
  std::string warning_;
  bool hangs_ = false;  // gnuplot, at an earlier plot
};

}  // namespace neve
