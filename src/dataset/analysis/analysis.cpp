#include <neve/dataset/analysis/analysis.hpp>

#include <neve/base/error.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/dataset/analysis/analysis_key.hpp>

#include "dataset/analysis/artifacts/artifact_limit.hpp"
#include "dataset/analysis/compute/schema_warnings.hpp"
#include "dataset/dataset_folder.hpp"
#include "dataset/staging_folder.hpp"

namespace neve::dataset {
namespace {

/// A dataset that is replaced while it is analysed is analysed anew: so often at least, and as long as this at least.
constexpr int kAttempts = 5;
constexpr double kPatienceS = 10;
constexpr double kRetryWriteS = 60;  // so long a full disk is not tried again with an answer that the cache has
constexpr std::size_t kKnownSchemas = 1024;
constexpr std::size_t kKnownQuestions = 4096;

/// The dataset changed while it was analysed. Never leaves this file.
struct Superseded {};

Key flight_key(const DatasetRecord& dataset, const std::string& hash) {
  return Key(analysis_key(dataset.id, hash).text() + ":g" + std::to_string(dataset.generation));
}

/// The question as it was put; different ones give different texts.
std::string text_of(std::string_view dataset_id, const ConcentrationParams& params) {
  std::string text;
  for (const std::string_view part : {dataset_id, std::string_view(params.group_by), std::string_view(params.value),
                                      std::string_view(params.filter)}) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  text.append(to_string(params.grain));
  for (const Threshold& threshold : params.thresholds)
    text.append(",").append(std::to_string(threshold.micro_percent()));
  return text;
}

}  // namespace

/// A question that can be answered: one generation of a dataset, canonical params.
struct Analyses::Question {
  std::shared_ptr<const DatasetRecord> dataset;
  std::shared_ptr<const Schema> schema;
  ConcentrationParams params;
  std::string hash;
  ArtifactFolder artifacts;

  [[nodiscard]] AnalysisAnswer answer() const {
    AnalysisAnswer answer;
    answer.dataset_id = dataset->id;
    answer.generation = dataset->generation;
    answer.params = params;
    answer.params_hash = hash;
    return answer;
  }
};

std::string_view to_string(AnswerSource source) noexcept {
  switch (source) {
    case AnswerSource::cache:
      return "cache";
    case AnswerSource::artifact:
      return "artifact";
    case AnswerSource::computed:
      break;
  }
  return "computed";
}

Analyses::Analyses(const DatasetStore& store, std::shared_ptr<AnalysisCache> cache, AnalysesOptions options)
    : store_(store),
      cache_(std::move(cache)),
      options_(std::move(options)),
      artifact_limit_(std::make_unique<ArtifactLimit>(store, options_.artifact_bytes)) {}
Analyses::~Analyses() = default;

std::shared_ptr<const Schema> Analyses::schema(const DatasetRecord& dataset) {
  if (auto schema = current_schema(dataset)) return schema;
  throw Error(ErrorCode::unavailable, "the dataset '" + dataset.id + "' has just changed; look it up again");
}

std::shared_ptr<const Schema> Analyses::current_schema(const DatasetRecord& dataset) {
  {
    const std::lock_guard lock(schemas_mutex_);
    const auto known = schemas_.find(dataset.id);
    if (known != schemas_.end() && known->second.dataset.same_rows(dataset)) return known->second.schema;
  }
  std::optional<Schema> cached;
  if (cache_) cached = cache_->get_schema(dataset);
  if (!cached) {
    // Read by path: it may be of a newer generation than the record, or just be taken away.
    const auto replaced = [&] { return store_.generation(dataset.id) != dataset.generation; };
    try {
      cached = store_.schema(dataset);
    } catch (const Error&) {
      if (replaced()) return nullptr;
      throw;
    }
    if (replaced()) return nullptr;
    if (cache_) cache_->set_schema(dataset, *cached);
  }
  auto schema = std::make_shared<const Schema>(*std::move(cached));
  const std::lock_guard lock(schemas_mutex_);
  if (schemas_.size() >= kKnownSchemas) schemas_.clear();
  schemas_.insert_or_assign(dataset.id, KnownSchema{dataset, schema});
  return schema;
}

std::shared_ptr<const Analyses::Question> Analyses::ask(std::string_view dataset_id,
                                                        const ConcentrationParams& params) {
  std::shared_ptr<const DatasetRecord> dataset = store_.current(dataset_id);
  std::string text = text_of(dataset_id, params);
  {
    const std::lock_guard lock(questions_mutex_);
    const auto asked = questions_.find(text);
    if (asked != questions_.end() && asked->second->dataset == dataset) return asked->second;
  }
  std::shared_ptr<const Schema> known = current_schema(*dataset);
  if (!known) throw Superseded{};
  ConcentrationParams canonical = canonical_params(params, *known);
  std::string hash = params_hash(canonical);
  ArtifactFolder artifacts(store_, dataset->analyses, hash, dataset->generation);
  auto question = std::make_shared<const Question>(
      Question{std::move(dataset), std::move(known), std::move(canonical), std::move(hash), std::move(artifacts)});
  const std::lock_guard lock(questions_mutex_);
  if (questions_.size() >= kKnownQuestions) questions_.clear();
  questions_.insert_or_assign(std::move(text), question);
  return question;
}

/// From the cache, if the artifacts it points to are still there. Where they could not be written it points to none:
/// enough for a while, after which the answer is made again, perhaps with them.
std::optional<AnalysisAnswer> Analyses::look_up(const Question& question) const {
  if (!cache_) return std::nullopt;
  auto cached = cache_->get(*question.dataset, question.hash);
  if (!cached) return std::nullopt;
  const std::vector<ArtifactFile>& files = cached->artifacts->files;
  if (files.empty() ? !write_failed_lately() : !question.artifacts.holds(files)) return std::nullopt;
  AnalysisAnswer answer = question.answer();
  answer.document = cached->artifacts->document;
  answer.files = cached->artifacts->files;
  answer.source = AnswerSource::cache;
  answer.tier = std::move(cached->tier);
  answer.lookup_s = cached->lookup_s;
  return answer;
}

/// What a leader does: artifacts, or computation; then the cache.
Analyses::Shared Analyses::produce(const Question& question, const std::stop_token& stop, Lookup lookup) {
  const Stopwatch watch;
  if (lookup == Lookup::normal) {
    if (auto found = question.artifacts.find()) {
      AnalysisAnswer answer = question.answer();
      answer.document = found->document;
      answer.files = found->files;
      answer.source = AnswerSource::artifact;
      answer.lookup_s = watch.seconds();
      if (cache_) cache_->set(*question.dataset, question.hash, *found, 0);
      return std::make_shared<const AnalysisAnswer>(std::move(answer));
    }
  }
  return compute(question, stop);
}

Analyses::Shared Analyses::compute(const Question& question, const std::stop_token& stop) {
  const std::shared_ptr<void> admitted = options_.admit ? options_.admit(stop) : nullptr;
  const Stopwatch watch;
  AnalysisDocument document;
  document.dataset_id = question.dataset->id;
  document.params = question.params;
  const auto changed = [&] { return store_.generation(question.dataset->id) != question.dataset->generation; };
  try {
    store_.require_intact_table(*question.dataset);
    document.result =
        compute_concentration(question.dataset->normalized, *question.schema, question.params, options_.limits, stop);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled && changed()) throw Superseded{};
    throw;
  }
  // Generations only grow, so if it is the same now it was the same all the time the table was read.
  if (changed()) throw Superseded{};
  document.warnings = warnings_of(document.result);
  if (question.schema->total_rows > 0) {
    document.warnings.push_back(
        {"total_rows_left_out",
         "rows that sum up other rows ('" + question.schema->total_rows_column + "' in the table) are left out"});
  }
  for (AnalysisWarning& warning : warnings_of_schema(*question.schema, question.params)) {
    document.warnings.push_back(std::move(warning));
  }
  if (!question.params.filter.empty() && document.result.total.entities == 0) {
    document.warnings.push_back(
        {"filter_keeps_nothing", "no row with a value passes the filter '" + question.params.filter + "'"});
  }
  AnalysisAnswer answer = question.answer();
  keep(question, answer, document);
  bound_artifacts(question, answer);
  answer.source = AnswerSource::computed;
  answer.compute_s = watch.seconds();
  if (cache_) {
    cache_->set(*question.dataset, question.hash, {answer.document, answer.files}, answer.compute_s);
  }
  return std::make_shared<const AnalysisAnswer>(std::move(answer));
}

/// Writes the artifacts; an answer is better than none if that fails. Under the lock that replacing and removing take,
/// so that nothing is written into what has just been removed.
void Analyses::keep(const Question& question, AnalysisAnswer& answer, const AnalysisDocument& document) {
  try {
    const FileLock lock(StoreLayout{store_.root()}.locks() / question.dataset->id, FileLock::Sharing::shared);
    if (store_.generation(question.dataset->id) != question.dataset->generation) throw Superseded{};
    StoredArtifacts stored = question.artifacts.write(document);
    answer.document = std::move(stored.document);
    answer.files = std::move(stored.files);
  } catch (const std::exception& error) {
    write_failed_at_s_ = since_start_.seconds();
    if (options_.log) options_.log(std::string("analysis: the artifacts cannot be written: ") + error.what());
    answer.document = Bytes::from(to_json_text(document));
  }
}

/// Whether artifacts could not be written so short a time ago that there is no use in trying again.
bool Analyses::write_failed_lately() const {
  const double failed = write_failed_at_s_;
  return failed >= 0 && since_start_.seconds() - failed < kRetryWriteS;
}

/// A folder that grows too large is no reason to keep an answer back.
void Analyses::bound_artifacts(const Question& question, const AnalysisAnswer& answer) noexcept {
  if (answer.files.empty()) return;
  std::uint64_t bytes = 0;
  for (const ArtifactFile& file : answer.files) bytes += file.bytes;
  try {
    artifact_limit_->written(*question.dataset, question.hash, bytes);
  } catch (const std::exception& error) {
    if (options_.log) options_.log(std::string("analysis: older artifacts cannot be removed: ") + error.what());
  }
}

AnalysisAnswer Analyses::concentration(std::string_view dataset_id, const ConcentrationParams& params,
                                       const StopProvider& stop, Lookup lookup) {
  const Stopwatch watch;
  for (int attempt = 0; attempt < kAttempts || watch.seconds() < kPatienceS; ++attempt) {
    try {
      const std::shared_ptr<const Question> question = ask(dataset_id, params);
      std::optional<AnalysisAnswer> answer = lookup == Lookup::normal ? look_up(*question) : std::nullopt;
      if (!answer) {
        const std::stop_token token = stop ? stop() : std::stop_token();
        const auto flight = flights_.run(
            flight_key(*question->dataset, question->hash),
            [&](const std::stop_token& nobody_waits) { return produce(*question, nobody_waits, lookup); }, token);
        answer = *flight.value;
        answer->waited = flight.role == SingleFlight<Shared>::Role::follower;
      }
      answer->total_s = watch.seconds();
      count(*answer);
      return *std::move(answer);
    } catch (const Superseded&) {
      ++superseded_;
    }
  }
  throw Error(ErrorCode::unavailable, "the dataset '" + std::string(dataset_id) +
                                          "' was replaced each time before its analysis was done; try again later");
}

void Analyses::count(const AnalysisAnswer& answer) {
  if (answer.waited) ++waited_;
  if (answer.source == AnswerSource::cache) ++from_cache_;
  if (answer.source == AnswerSource::artifact) ++from_artifacts_;
  if (answer.source == AnswerSource::computed && !answer.waited) ++computed_;
}

std::filesystem::path Analyses::locate(const ArtifactFile& file) const {
  const std::filesystem::path relative(file.path);
  bool inside = relative.is_relative() && !file.path.empty();
  for (const auto& part : relative) inside = inside && part != ".." && part != ".";
  if (!inside) throw Error(ErrorCode::invalid_argument, "'" + file.path + "' is not a path inside the store");
  return store_.root() / relative;
}

void Analyses::dataset_changed(const DatasetRecord& dataset, const Schema& schema) {
  if (cache_) cache_->set_schema(dataset, schema);
  const std::lock_guard lock(schemas_mutex_);
  schemas_.erase(dataset.id);
}

void Analyses::dataset_removed(std::string_view dataset_id) {
  if (cache_) cache_->erase_schema(dataset_id);
  const std::lock_guard lock(schemas_mutex_);
  schemas_.erase(std::string(dataset_id));
}

AnalysesStatistics Analyses::statistics() const {
  return {from_cache_, from_artifacts_, computed_, waited_, superseded_};
}

}  // namespace neve::dataset
