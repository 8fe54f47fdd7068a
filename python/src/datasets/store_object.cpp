#include "datasets/store_object.hpp"

#include <filesystem>
#include <utility>

#include <neve/cache/open_cache.hpp>

#include <unistd.h>

namespace neve::python {
namespace {

std::shared_ptr<dataset::AnalysisCache> open_analysis_cache(const std::string& url, const std::string& root) {
  if (url.empty()) return nullptr;
  std::shared_ptr<CacheBackend> backend = open_cache(url);
  if (backend->name() == "none") return nullptr;
  dataset::AnalysisCacheOptions options;
  options.secret = dataset::store_secret(root);
  return std::make_shared<dataset::AnalysisCache>(std::move(backend), std::move(options));
}

dataset::AnalysesOptions analyses_options() {
  dataset::AnalysesOptions options;
  options.limits.spill_folder = std::filesystem::temp_directory_path();
  return options;
}

}  // namespace

StoreObject::StoreObject(const std::string& root, const std::string& cache_url)
    : store_(root),
      analyses_(std::make_unique<dataset::Analyses>(store_, open_analysis_cache(cache_url, root), analyses_options())) {
}

}  // namespace neve::python
