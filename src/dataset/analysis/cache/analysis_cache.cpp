#include <neve/dataset/analysis/analysis_cache.hpp>

#include <neve/base/error.hpp>

#include "dataset/analysis/cache/cache_entries.hpp"
#include "dataset/analysis/cache/signature.hpp"
#include "dataset/analysis/cache/verified_answers.hpp"

namespace neve::dataset {
namespace {

/// What an entry says about where it belongs.
Json label_of(const DatasetRecord& dataset) {
  return {{"analysis_version", kAnalysisVersion},
          {"dataset_id", dataset.id},
          {"generation", dataset.generation},
          {"content_sha256", dataset.content_sha256},
          {"options_sha256", dataset.options_sha256}};
}

}  // namespace

AnalysisCache::AnalysisCache(std::shared_ptr<CacheBackend> backend, AnalysisCacheOptions options)
    : backend_(std::move(backend)),
      options_(std::move(options)),
      ttl_(options_.ttl, options_.log),
      verified_(std::make_shared<VerifiedAnswers>()) {
  if (options_.secret.empty())
    throw Error(ErrorCode::invalid_argument, "an analysis cache needs a secret to sign with");
}

void AnalysisCache::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

/// A wrong signature means that the entry was written by somebody who cannot read the store.
bool AnalysisCache::genuine(const Key& key, const Entry& entry) {
  bool genuine = false;
  try {
    genuine = signed_with(options_.secret, key.text(), entry);
  } catch (const Error&) {  // metadata that cannot be printed were not printed by us
  }
  if (!genuine) {
    ++refused_;
    log("analysis cache: refused the entry '" + key.text() + "', whose signature is not this store's");
  }
  return genuine;
}

/// Nothing if the backend has no entry, or fails.
std::optional<LookupResult> AnalysisCache::ask_backend(const Key& key) {
  try {
    LookupResult found = backend_->lookup(key, {});
    if (found.hit()) return found;
  } catch (const Error&) {
    ++errors_;
  }
  return std::nullopt;
}

/// Whether we wrote the entry, and about this generation.
bool AnalysisCache::trusted(const Key& key, const DatasetRecord& dataset, const Entry& entry) {
  if (!genuine(key, entry)) return false;
  const auto label = entry.meta.find("label");
  if (label != entry.meta.end() && *label == label_of(dataset)) return true;
  ++stale_;
  return false;
}

std::optional<CachedAnalysis> AnalysisCache::get(const DatasetRecord& dataset, std::string_view hash) {
  const Stopwatch watch;
  const Key key = analysis_key(dataset.id, hash);
  auto found = ask_backend(key);
  std::shared_ptr<const StoredArtifacts> artifacts;
  if (found) artifacts = verified_->find(key.text(), dataset, *found->entry);
  if (found && !artifacts && trusted(key, dataset, *found->entry)) {
    if (auto read = artifacts_of(*found->entry)) {
      artifacts = std::make_shared<const StoredArtifacts>(*std::move(read));
      verified_->add(key.text(), dataset, std::move(found->entry).take(), artifacts);
    }
  }
  ttl_.count(artifacts != nullptr);
  ++(artifacts ? hits_ : misses_);
  if (!artifacts) return std::nullopt;
  return CachedAnalysis{std::move(artifacts), std::move(found->tier), watch.seconds()};
}

std::optional<Schema> AnalysisCache::get_schema(const DatasetRecord& dataset) {
  const Key key = schema_summary_key(dataset.id);
  const auto found = ask_backend(key);
  return found && trusted(key, dataset, *found->entry) ? schema_of(*found->entry) : std::nullopt;
}

void AnalysisCache::put(const Key& key, const DatasetRecord& dataset, Entry entry, double compute_s) {
  try {
    entry.meta["label"] = label_of(dataset);
    entry.meta["signature"] = signature_of(options_.secret, key.text(), entry);
    const TimePoint now = options_.clock->now();
    StoreOptions options;
    options.expires_at = now + ttl_.ttl(dataset.changed_at, now);
    options.compute_s = compute_s;
    backend_->store(key, entry, options);
  } catch (const Error&) {  // the store has the answer; the cache may miss it
    ++errors_;
  }
}

void AnalysisCache::set(const DatasetRecord& dataset, std::string_view hash, const StoredArtifacts& artifacts,
                        double compute_s) {
  put(analysis_key(dataset.id, hash), dataset, entry_of(artifacts), compute_s);
}

void AnalysisCache::set_schema(const DatasetRecord& dataset, const Schema& schema) {
  put(schema_summary_key(dataset.id), dataset, entry_of(schema), 0);
}

bool AnalysisCache::forget(const Key& key) {
  try {
    return backend_->erase(key);
  } catch (const Error&) {
    ++errors_;
    return false;
  }
}

bool AnalysisCache::erase(std::string_view dataset_id, std::string_view hash) {
  return forget(analysis_key(dataset_id, hash));
}

bool AnalysisCache::erase_schema(std::string_view dataset_id) { return forget(schema_summary_key(dataset_id)); }

AnalysisCacheStatistics AnalysisCache::statistics() const {
  return {hits_, misses_, stale_, refused_, errors_, ttl_.current()};
}

}  // namespace neve::dataset
