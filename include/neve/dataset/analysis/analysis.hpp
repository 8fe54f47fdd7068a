#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <neve/cache/single_flight.hpp>
#include <neve/dataset/analysis/analysis_cache.hpp>
#include <neve/dataset/analysis/artifacts.hpp>
#include <neve/dataset/analysis/compute.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Where an answer came from. Reaches HTTP headers and JSON, so the names are part of the interface.
enum class AnswerSource {
  cache,     ///< from the analysis cache; `tier` says which
  artifact,  ///< from the dataset's folder
  computed,  ///< from the rows
};
[[nodiscard]] std::string_view to_string(AnswerSource source) noexcept;

/// Whether to look before computing.
enum class Lookup {
  normal,
  bypass,  ///< neither cache nor artifacts: compute, and replace what the cache has
};

/// An answer and what it took. A plain value; copies share the document's bytes.
struct AnalysisAnswer {
  std::string dataset_id;
  std::uint64_t generation = 0;     ///< of the dataset that it is about
  ConcentrationParams params;       ///< canonical
  std::string params_hash;          ///< names the artifacts' folder and the cache entry
  Bytes document;                   ///< JSON text: `read_analysis_document` reads it
  std::vector<ArtifactFile> files;  ///< json, csv, xlsx; empty if they could not be written (see `analyse`)
  AnswerSource source = AnswerSource::computed;
  std::string tier;      ///< of `cache`: the backend that had it
  bool waited = false;   ///< another thread was at the same question, and this is its answer
  double lookup_s = 0;   ///< for looking into the cache and the artifacts
  double compute_s = 0;  ///< for computing and writing; 0 unless `computed`
  double total_s = 0;
};

/// Gives the token that ends the work; empty: nothing does. Asked when something long is about to begin, since to give
/// one may cost something.
using StopProvider = std::function<std::stop_token()>;

/// What analyses may use, where they log, and who admits their work. A plain value.
struct AnalysesOptions {
  ComputeLimits limits;
  /// What the artifacts of one dataset may take; those used least recently go when there are more. Several processes
  /// may exceed it by a tenth each. What an answer just got stays.
  std::uint64_t artifact_bytes = std::uint64_t{1} << 30;
  std::function<void(const std::string&)> log;  ///< a line for what goes wrong without failing an answer; may be empty
  /// Asked before each computation; what it gives is held until the computation ends. May wait for its turn or throw,
  /// which the question then fails with: a service bounds its work by this. May be empty.
  std::function<std::shared_ptr<void>(const std::stop_token& stop)> admit;
};

/// What has been answered since the object was made.
struct AnalysesStatistics {
  std::uint64_t from_cache = 0;
  std::uint64_t from_artifacts = 0;
  std::uint64_t computed = 0;
  std::uint64_t waited = 0;      ///< answers that another thread's work gave; counted by their source as well
  std::uint64_t superseded = 0;  ///< computations thrown away because the dataset changed meanwhile
};

class ArtifactLimit;

/// The front door: questions about datasets in a store, answered from the cache, from artifacts or by computing.
///
/// 1. The dataset's generation is read from the store: it decides which answers count.
/// 2. The cache is asked, then the artifacts; identical questions that arrive meanwhile wait for one computation.
/// 3. What was computed counts only if the generation is still the same afterwards; else everything starts anew. So no
///    answer mixes two versions of a dataset, and none of an old version is kept for the new one.
/// 4. Artifacts are written, synced, and then the cache is filled. An answer whose artifacts had to make room is
///    computed again.
///
/// Thread-safe. Several objects, in several processes and on several machines, may share a store and a cache.
class Analyses {
 public:
  /// `store` must outlive the object; `cache` may be null.
  Analyses(const DatasetStore& store, std::shared_ptr<AnalysisCache> cache, AnalysesOptions options = {});
  ~Analyses();

  /// Errors: `invalid_argument` as `DatasetStore::find` and `canonical_params` throw it; `cancelled` when `stop` is
  /// requested; `too_large` and `io` as `compute_concentration` throws them; `unavailable` if the dataset keeps
  /// changing faster than it can be analysed. A cache that fails costs time and nothing else, and so do artifacts that
  /// cannot be written: the answer then has no files, and for a minute so have those that repeat it from the cache.
  [[nodiscard]] AnalysisAnswer concentration(std::string_view dataset_id, const ConcentrationParams& params,
                                             const StopProvider& stop = {}, Lookup lookup = Lookup::normal);

  /// The dataset's schema, for those who ask questions: from memory or the cache while it is current, else from the
  /// store. May lack how the file wrote its columns. Throws `unavailable` if the record is out of date, and what
  /// `DatasetStore::schema` throws.
  [[nodiscard]] std::shared_ptr<const Schema> schema(const DatasetRecord& dataset);

  /// Where an artifact is. Throws `invalid_argument` for a path that leaves the store.
  [[nodiscard]] std::filesystem::path locate(const ArtifactFile& file) const;

  /// Registry steps, for whoever changes the store: a dataset was created or normalised anew, or its schema saved. The
  /// new generation has invalidated everything already; this replaces the schema summary at once.
  void dataset_changed(const DatasetRecord& dataset, const Schema& schema);
  void dataset_removed(std::string_view dataset_id);

  [[nodiscard]] AnalysesStatistics statistics() const;
  [[nodiscard]] const DatasetStore& store() const noexcept { return store_; }
  /// Null without a cache.
  [[nodiscard]] AnalysisCache* cache() const noexcept { return cache_.get(); }

 private:
  struct Question;
  using Shared = std::shared_ptr<const AnalysisAnswer>;

  /// Null if the record is out of date.
  [[nodiscard]] std::shared_ptr<const Schema> current_schema(const DatasetRecord& dataset);
  [[nodiscard]] std::shared_ptr<const Question> ask(std::string_view dataset_id, const ConcentrationParams& params);
  [[nodiscard]] std::optional<AnalysisAnswer> look_up(const Question& question) const;
  [[nodiscard]] Shared produce(const Question& question, const std::stop_token& stop, Lookup lookup);
  [[nodiscard]] Shared compute(const Question& question, const std::stop_token& stop);
  void keep(const Question& question, AnalysisAnswer& answer, const AnalysisDocument& document);
  [[nodiscard]] bool write_failed_lately() const;
  void bound_artifacts(const Question& question, const AnalysisAnswer& answer) noexcept;
  void count(const AnalysisAnswer& answer);

  const DatasetStore& store_;
  std::shared_ptr<AnalysisCache> cache_;
  AnalysesOptions options_;
  std::unique_ptr<ArtifactLimit> artifact_limit_;
  SingleFlight<Shared> flights_;
  const Stopwatch since_start_;
  std::atomic<double> write_failed_at_s_{-1};  ///< of artifacts, last, in seconds since the start; negative: never

  struct KnownSchema {
    DatasetRecord dataset;
    std::shared_ptr<const Schema> schema;
  };
  std::mutex schemas_mutex_;
  std::unordered_map<std::string, KnownSchema> schemas_;
  std::mutex questions_mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Question>> questions_;

  std::atomic<std::uint64_t> from_cache_{0};
  std::atomic<std::uint64_t> from_artifacts_{0};
  std::atomic<std::uint64_t> computed_{0};
  std::atomic<std::uint64_t> waited_{0};
  std::atomic<std::uint64_t> superseded_{0};
};

}  // namespace neve::dataset
