#pragma once

#include <map>
#include <string>

#include <neve/cache/cache_report.hpp>

namespace neve {

/// Whether this neve was built with the CMake option NEVE_PROMETHEUS.
[[nodiscard]] bool has_prometheus_text() noexcept;

/// The media type of `prometheus_text`.
inline constexpr const char* kPrometheusMediaType = "text/plain; version=0.0.4; charset=utf-8";

/// What caches did, as Prometheus scrapes it: families `neve_cache_*`, each sample with the labels `cache` (what the
/// map calls it), `tier` (its kind) and `level` (1 is nearest). docs/operations.md lists the families.
///
/// Ends in a line feed, so that a service may append families of its own. Throws `unsupported`, naming the CMake
/// option, if this neve was built without.
[[nodiscard]] std::string prometheus_text(const std::map<std::string, CacheReport>& caches);

}  // namespace neve
