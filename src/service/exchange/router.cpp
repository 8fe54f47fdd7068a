#include "service/exchange/router.hpp"

#include <array>
#include <optional>

#include "service/http/target.hpp"

namespace neve::service {
namespace {

struct Pattern {
  std::string_view method;
  std::string_view path;
  Route route;
};

constexpr std::array<Pattern, 12> kPatterns{{
    {"GET", "/healthz", Route::healthz},
    {"GET", "/readyz", Route::readyz},
    {"GET", "/metrics", Route::metrics},
    {"GET", "/openapi.json", Route::openapi},
    {"GET", "/api/v1/datasets", Route::list_datasets},
    {"POST", "/api/v1/datasets", Route::add_dataset},
    {"GET", "/api/v1/datasets/{}", Route::show_dataset},
    {"DELETE", "/api/v1/datasets/{}", Route::remove_dataset},
    {"GET", "/api/v1/datasets/{}/schema", Route::schema},
    {"GET", "/api/v1/datasets/{}/lineage", Route::lineage},
    {"POST", "/api/v1/datasets/{}/analyses/concentration", Route::concentration},
    {"GET", "/api/v1/artifacts/{}/{}/{}", Route::artifact},
}};

/// What `{}` stands for, if the path is of the pattern.
std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string>& segments) {
  std::vector<std::string> captures;
  pattern.remove_prefix(1);
  for (const std::string& segment : segments) {
    const std::size_t slash = pattern.find('/');
    const std::string_view expected = pattern.substr(0, slash);
    if (expected.empty()) return std::nullopt;
    if (expected == "{}") {
      captures.push_back(segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
    pattern.remove_prefix(slash == std::string_view::npos ? pattern.size() : slash + 1);
  }
  if (!pattern.empty()) return std::nullopt;
  return captures;
}

}  // namespace

std::string_view to_string(Route route) noexcept {
  static constexpr std::array<std::string_view, kRoutes> kNames{
      "healthz",        "readyz", "metrics", "openapi",       "list_datasets", "add_dataset", "show_dataset",
      "remove_dataset", "schema", "lineage", "concentration", "artifact",      "unknown"};
  return kNames[static_cast<std::size_t>(route)];
}

Destination find_route(std::string_view method, std::string_view path) {
  Destination destination;
  const auto segments = path_segments(path);
  if (!segments) return destination;
  if (method == "HEAD") method = "GET";
  for (const Pattern& pattern : kPatterns) {
    auto captures = match(pattern.path, *segments);
    if (!captures) continue;
    if (pattern.method == method) return {pattern.route, *std::move(captures), {}};
    destination.allowed += (destination.allowed.empty() ? "" : ", ") + std::string(pattern.method);
    if (pattern.method == "GET") destination.allowed += ", HEAD";
  }
  return destination;
}

}  // namespace neve::service
