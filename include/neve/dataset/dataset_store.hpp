#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>
#include <neve/dataset/add_options.hpp>
#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// One dataset as it stands: what dataset.json holds, and where its files are. A plain value: a snapshot that may be
/// out of date a moment later, which `generation` tells.
struct DatasetRecord {
  std::string id;    ///< [a-z0-9][a-z0-9_-]*, at most 64 characters
  std::string name;  ///< for people
  std::uint64_t generation =
      0;  ///< grows by one with every new content; never used twice for one id, not even after `remove`
  std::string content_sha256;     ///< of the file that was added
  std::string options_sha256;     ///< of everything else that the normalised bytes depend on
  std::string source_name;        ///< name of the file that was added, without its folder
  std::string normalized_sha256;  ///< of normalized.parquet, which carries no checksum of its own
  std::string schema_sha256;      ///< of schema.json
  std::uint64_t source_bytes = 0;
  std::uint64_t rows = 0;
  std::uint64_t rejected_rows = 0;
  std::uint64_t columns = 0;
  TimePoint created_at{};  ///< when the id was first added
  TimePoint changed_at{};  ///< when this generation was

  std::filesystem::path folder;    ///< storage/datasets/{id}
  std::filesystem::path original;  ///< the file as it was added, in original/
  std::filesystem::path normalized;
  std::filesystem::path schema;
  std::filesystem::path lineage;
  std::filesystem::path analyses;  ///< exists; whoever writes there marks names or content with `generation`

  /// Whether `other` has the same rows: the same generation, made from the same file in the same way. A generation
  /// alone does not say so: it is counted in the dataset's folder, which somebody may have removed or put back by hand.
  [[nodiscard]] bool same_rows(const DatasetRecord& other) const {
    return id == other.id && generation == other.generation && content_sha256 == other.content_sha256 &&
           options_sha256 == other.options_sha256;
  }

  /// What `neve dataset list --json` prints and the service answers; no absolute paths.
  [[nodiscard]] Json to_json() const;
};

/// What `DatasetStore::add` did.
struct AddResult {
  DatasetRecord record;
  Schema schema;
  bool changed = true;    ///< false: the same content was there already, and nothing was written
  bool replaced = false;  ///< a dataset of this id was there before, with other content
};

/// There is no dataset of this id. Its code is `invalid_argument`; the message names the nearest there is.
class UnknownDataset : public Error {
 public:
  explicit UnknownDataset(const std::string& message) : Error(ErrorCode::invalid_argument, message) {}
};

class KnownRecords;
class IntactFiles;

/// Datasets on disk, under `root/datasets/{id}/`: the source of truth for everything that is computed from them.
///
/// A dataset appears, changes and disappears as a whole: it is built in a folder beside and swapped in, so after a
/// crash the old one or the new one is there. Thread-safe, and safe between processes on one machine: additions to the
/// same id are put in order when they are published. See docs/formats/dataset.md.
class DatasetStore {
 public:
  /// Makes `root` when something is first added. `clock` outlives the store.
  explicit DatasetStore(std::filesystem::path root, const Clock& clock = Clock::system());

  /// Reads, normalises and publishes `file` (CSV, TSV or XLSX, perhaps gzipped). Bounded memory: rows are streamed.
  ///
  /// Errors, all of which leave what was there: `invalid_argument` (no table, wrong option, unknown sheet), `corrupt`
  /// (truncated or damaged), `unsupported` (encrypted, another format), `too_large` (a limit of `options`, or an
  /// archive that unpacks to far more than it holds), `cancelled` (`options.stop`), `io`. A dataset of this id that is
  /// damaged is replaced.
  AddResult add(const std::filesystem::path& file, const AddOptions& options) const;

  /// By id, ascending. Folders that are no datasets are passed over; so are those that cannot be read, which `damaged`
  /// is told of, with what is wrong with them. Throws `io` if the folder of all of them cannot be read.
  [[nodiscard]] std::vector<DatasetRecord> list(
      const std::function<void(const std::string& fault)>& damaged = {}) const;

  /// At most `most` of them, those behind `after`. No more records are read than are needed.
  [[nodiscard]] std::vector<DatasetRecord> list_page(
      std::string_view after, std::size_t most,
      const std::function<void(const std::string& fault)>& damaged = {}) const;

  /// Throws `invalid_argument`, with the nearest id, unless there is such a dataset, be it damaged.
  void require(std::string_view id) const;

  /// Throws `invalid_argument`, with the nearest id, when there is none.
  [[nodiscard]] DatasetRecord find(std::string_view id) const;

  /// The same, without a copy: the same object as long as the dataset stays as it is. One look at a file, or one small
  /// read.
  [[nodiscard]] std::shared_ptr<const DatasetRecord> current(std::string_view id) const;

  /// Throws as `require` does. The generation is remembered, which takes a little room: on a full disk the dataset's
  /// own files make it.
  void remove(std::string_view id) const;

  /// The generation that `id` has, or had when it was removed; 0 if there never was one. One small read.
  [[nodiscard]] std::uint64_t generation(std::string_view id) const;

  /// Throws `corrupt` unless normalized.parquet holds what was once written there, and `io`. SHA-256 over the file,
  /// once for as long as the file's stamp stays.
  void require_intact_table(const DatasetRecord& record) const;

  /// Whether the file of an analysis holds what was once written there, read as seldom. Throws `io`.
  [[nodiscard]] bool is_intact_artifact(const std::filesystem::path& file, const std::string& sha256) const;

  /// Reads schema.json. Throws `corrupt`, also if it is not what was once written there, or `io`.
  [[nodiscard]] Schema schema(const DatasetRecord& record) const;

  /// Reads lineage.json. Throws `corrupt` or `io`.
  [[nodiscard]] Json lineage(const DatasetRecord& record) const;

  /// The same of whatever generation `id` has by the time it is read: one that is replaced meanwhile is not taken for a
  /// damaged one. Throws `invalid_argument` when there is no such dataset (any more).
  [[nodiscard]] Schema current_schema(std::string_view id) const;
  [[nodiscard]] Json current_lineage(std::string_view id) const;

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }

 private:
  std::filesystem::path root_;
  const Clock& clock_;
  std::shared_ptr<KnownRecords> known_;     ///< shared by copies of the store
  std::shared_ptr<IntactFiles> tables_;     ///< likewise
  std::shared_ptr<IntactFiles> artifacts_;  ///< likewise
};

/// Throws `invalid_argument` unless `id` is one; every path is made from a checked id.
void check_dataset_id(std::string_view id);

/// An id made from a file's name: `Orders 2024.csv.gz` gives `orders_2024`.
[[nodiscard]] std::string dataset_id_of(const std::filesystem::path& file);

}  // namespace neve::dataset
