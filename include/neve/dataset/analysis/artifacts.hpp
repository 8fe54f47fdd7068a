#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/dataset/analysis/analysis_document.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// One file of an analysis. `format` is part of the interface: `json`, `csv` or `xlsx`. A plain value.
struct ArtifactFile {
  std::string format;
  std::string path;  ///< below the store's root, with '/'
  std::string sha256;
  std::uint64_t bytes = 0;

  friend bool operator==(const ArtifactFile&, const ArtifactFile&) = default;
};

/// What is on disk for one question about one generation. A plain value.
struct StoredArtifacts {
  Bytes document;                   ///< of the JSON file, checked against its digest
  std::vector<ArtifactFile> files;  ///< json, csv, xlsx
};

/// The analysis as comma-separated text: a row per period and threshold, the period's own measures repeated. Text that
/// a spreadsheet would take for a formula gets an apostrophe in front; numbers stay as they are. Equal documents give
/// equal bytes.
[[nodiscard]] std::string to_csv_text(const AnalysisDocument& document);

/// Writes the analysis as a workbook: sheets `summary`, `details`, `top`, `lorenz` and `parameters`, a Lorenz and a
/// Pareto chart. Equal documents give equal bytes. Throws `io`.
void write_xlsx(const AnalysisDocument& document, const std::filesystem::path& path);

/// Artifacts of one dataset, under `{dataset folder}/analyses/{params hash}/g{generation}/`. They appear as a whole:
/// the folder is built beside and renamed, and everything in it is synced before. The source of truth for answers;
/// caches only repeat them. When they were last used, to the minute, is the manifest's time of modification.
/// Thread-safe, and safe between processes.
class ArtifactFolder {
 public:
  /// `store` must outlive the object; `analyses` is the dataset's folder for analyses, below it.
  ArtifactFolder(const DatasetStore& store, std::filesystem::path analyses, std::string params_hash,
                 std::uint64_t generation);

  /// What is there, if all of it is as its manifest says; else nothing. Reads the JSON file and the manifest; the other
  /// files only if the store has not found them intact before.
  [[nodiscard]] std::optional<StoredArtifacts> find() const;

  /// Whether `find` would find these files. Once it has, a look at each tells for as long as nobody writes to them;
  /// copies of the object know what one of them has found. Counts as use, as `find` does.
  [[nodiscard]] bool holds(const std::vector<ArtifactFile>& files) const;

  /// Makes all three files, or leaves what is there if it is as it should be. Throws `io`.
  [[nodiscard]] StoredArtifacts write(const AnalysisDocument& document) const;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  [[nodiscard]] std::vector<ArtifactFile> listed() const;
  [[nodiscard]] bool lists(const std::vector<ArtifactFile>& files) const;
  [[nodiscard]] bool is_intact(const ArtifactFile& file) const;

  struct Memory;

  const DatasetStore* store_;
  std::filesystem::path path_;
  std::shared_ptr<Memory> memory_;
};

}  // namespace neve::dataset
