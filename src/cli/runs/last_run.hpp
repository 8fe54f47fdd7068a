#pragma once

#include <optional>
#include <string>

#include <neve/codec/json.hpp>

namespace neve::cli {

/// What the caches of a run were asked, kept in the first folder of the cache for `neve stats`: the run's
/// `CacheReport` as JSON. Nothing is kept where there is no folder, or it cannot be written; it is advice.
void keep_last_run(const std::string& urls, const Json& cache_report);

/// The one kept last, or nothing.
[[nodiscard]] std::optional<Json> read_last_run(const std::string& urls);

}  // namespace neve::cli
