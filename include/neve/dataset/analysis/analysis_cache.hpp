#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>
#include <neve/dataset/analysis/analysis_key.hpp>
#include <neve/dataset/analysis/analysis_ttl.hpp>
#include <neve/dataset/analysis/artifacts.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

class VerifiedAnswers;

struct AnalysisCacheOptions {
  AnalysisTtlOptions ttl;
  /// What entries are signed with; see `store_secret`. Instances that share a cache share it. Not empty.
  std::string secret;
  std::function<void(const std::string&)> log;  ///< a line for each adjustment and each refused entry; may be empty
  const Clock* clock = &Clock::system();        ///< must outlive the cache
};

/// What became of lookups since the cache was made.
struct AnalysisCacheStatistics {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t stale = 0;    ///< misses because the entry is of another generation or another version of neve
  std::uint64_t refused = 0;  ///< misses because the entry's signature is wrong: somebody else wrote it
  std::uint64_t errors = 0;   ///< lookups and stores that the backend failed at
  std::chrono::seconds ttl{};
};

/// An answer as the cache holds it.
struct CachedAnalysis {
  std::shared_ptr<const StoredArtifacts> artifacts;
  std::string tier;  ///< of a hit: the backend that had it
  double lookup_s = 0;
};

/// Answers and schema summaries in front of the store: losing it costs time and nothing else (contract C4).
///
/// Entries lie under `analysis:{dataset_id}:{params hash}` and `schema_summary:{dataset_id}` and carry the generation
/// they were computed from. A lookup names the generation it wants, which the caller reads from the store, so a new
/// upload invalidates everything at once and a late result of an old generation is never an answer to a new question.
/// Entries are signed: what others write into the server is a miss. A backend that fails is a miss, too; nothing here
/// throws because of it. Thread-safe.
class AnalysisCache {
 public:
  AnalysisCache(std::shared_ptr<CacheBackend> backend, AnalysisCacheOptions options);

  /// The answer to canonical params about this generation.
  [[nodiscard]] std::optional<CachedAnalysis> get(const DatasetRecord& dataset, std::string_view hash);
  /// Inserts or replaces, with a fresh time to live. `compute_s` weighs the entry when room is needed.
  void set(const DatasetRecord& dataset, std::string_view hash, const StoredArtifacts& artifacts, double compute_s);
  bool erase(std::string_view dataset_id, std::string_view hash);

  /// The schema's fields that analyses need: everything but how the file wrote the columns.
  [[nodiscard]] std::optional<Schema> get_schema(const DatasetRecord& dataset);
  void set_schema(const DatasetRecord& dataset, const Schema& schema);
  bool erase_schema(std::string_view dataset_id);

  [[nodiscard]] AnalysisCacheStatistics statistics() const;
  [[nodiscard]] CacheBackend& backend() const noexcept { return *backend_; }

 private:
  std::optional<LookupResult> ask_backend(const Key& key);
  bool trusted(const Key& key, const DatasetRecord& dataset, const Entry& entry);
  bool genuine(const Key& key, const Entry& entry);
  void put(const Key& key, const DatasetRecord& dataset, Entry entry, double compute_s);
  bool forget(const Key& key);
  void log(const std::string& line) const;

  std::shared_ptr<CacheBackend> backend_;
  AnalysisCacheOptions options_;
  AnalysisTtl ttl_;
  std::shared_ptr<VerifiedAnswers> verified_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
  std::atomic<std::uint64_t> stale_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> errors_{0};
};

/// The key that a store's instances sign cache entries with: 32 random bytes in `{root}/.secret`, made by whoever needs
/// it first, readable by its owner only. Where it can be neither read nor made (a read-only store): random bytes of
/// this process's own, so that its entries are misses for everybody else. Throws `invalid_argument` where something
/// other than a file has the name.
[[nodiscard]] std::string store_secret(const std::filesystem::path& root);

/// The secret that is there already; nothing where it was not made, or this process cannot read it.
[[nodiscard]] std::optional<std::string> known_store_secret(const std::filesystem::path& root);

}  // namespace neve::dataset
