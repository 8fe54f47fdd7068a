#include <neve/dataset/analysis/analysis_cache.hpp>

#include <neve/base/error.hpp>

#include "dataset/analysis/cache_entries.hpp"
#include "dataset/analysis/signature.hpp"

namespace neve::dataset {
namespace {

/// What an entry says about where it belongs.
Json label_of(const DatasetRecord& dataset) {
  return {{"analysis_version", kAnalysisVersion},
          {"dataset_id", dataset.id},
          {"generation", dataset.generation},
          {"content_sha256", dataset.content_sha256}};
}

}  // namespace

AnalysisCache::AnalysisCache(std::shared_ptr<CacheBackend> backend, AnalysisCacheOptions options)
    : backend_(std::move(backend)), options_(std::move(options)), ttl_(options_.ttl, options_.log) {
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

std::optional<LookupResult> AnalysisCache::look_up(const Key& key, const DatasetRecord& dataset) {
  LookupResult found;
  try {
    found = backend_->lookup(key, {});
  } catch (const Error&) {
    ++errors_;
    return std::nullopt;
  }
  if (!found.hit() || !genuine(key, *found.entry)) return std::nullopt;
  const auto label = found.entry->meta.find("label");
  if (label == found.entry->meta.end() || *label != label_of(dataset)) {
    ++stale_;
    return std::nullopt;
  }
  return found;
}

std::optional<CachedAnalysis> AnalysisCache::get(const DatasetRecord& dataset, std::string_view hash) {
  const Stopwatch watch;
  const auto found = look_up(analysis_key(dataset.id, hash), dataset);
  auto artifacts = found ? artifacts_of(*found->entry) : std::nullopt;
  ttl_.count(artifacts.has_value());
  ++(artifacts ? hits_ : misses_);
  if (!artifacts) return std::nullopt;
  return CachedAnalysis{std::move(*artifacts), found->tier, watch.seconds()};
}

std::optional<Schema> AnalysisCache::get_schema(const DatasetRecord& dataset) {
  const auto found = look_up(schema_summary_key(dataset.id), dataset);
  return found ? schema_of(*found->entry) : std::nullopt;
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
