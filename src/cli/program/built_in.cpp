#include "cli/program/built_in.hpp"

#include <CLI/Version.hpp>
#include <fmt/format.h>
#include <isa-l.h>
#include <libdeflate.h>
#include <openssl/crypto.h>
#include <tbb/version.h>
#include <xxhash.h>

#ifdef NEVE_HAS_OPTICS
#include <fftw3.h>
#endif
#ifdef NEVE_HAS_DATASETS
#include <duckdb.h>
#endif

#include <neve/base/error.hpp>
#include <neve/cache/open_cache.hpp>

#include "cli/program/version.hpp"

namespace neve::cli {

namespace {

/// Asks the library, which knows best; opening connects to nobody.
bool can_open_redis() {
  try {
    return open_cache("redis://127.0.0.1") != nullptr;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Json BuiltIn::to_json() const {
  Json versions = Json::object();
  for (const auto& [library, version] : libraries) versions[library] = version;
  return {{"neve", kVersion}, {"libraries", versions}, {"stages", stages},   {"redis", redis},
          {"optics", optics}, {"datasets", datasets},  {"service", service}, {"prometheus", prometheus}};
}

BuiltIn what_is_built_in(const StageRegistry& registry) {
  BuiltIn found;
  const auto add = [&found](const char* library, std::string version) {
    found.libraries.emplace_back(library, std::move(version));
  };
  add("CLI11", CLI11_VERSION);
#ifdef NEVE_HAS_DATASETS
  add("DuckDB", duckdb_library_version());
  found.datasets = true;
#endif
#ifdef NEVE_HAS_OPTICS
  add("FFTW", fftw_version);
  found.optics = true;
#endif
#ifdef NEVE_HAS_SERVICE
  found.service = true;
#endif
#ifdef NEVE_HAS_PROMETHEUS
  found.prometheus = true;
#endif
  add("fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100));
  add("ISA-L", fmt::format("{}.{}.{}", ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION));
  add("libdeflate", LIBDEFLATE_VERSION_STRING);
  add("nlohmann-json",
      fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH));
  add("oneTBB", TBB_runtime_version());
  add("OpenSSL", OpenSSL_version(OPENSSL_FULL_VERSION_STRING));
  add("xxHash", fmt::format("{}.{}.{}", XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE));
  add("yaml-cpp", NEVE_YAML_CPP_VERSION);
  found.stages = registry.names();
  found.redis = can_open_redis();
  return found;
}

}  // namespace neve::cli
