#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace neve::service {

/// What a request is about. Labels metrics and log lines, so the names are part of the interface.
enum class Route {
  healthz,
  readyz,
  metrics,
  openapi,
  list_datasets,
  add_dataset,
  show_dataset,
  remove_dataset,
  schema,
  lineage,
  concentration,
  artifact,
  unknown,  ///< no path of ours, or a method it does not take
};
inline constexpr std::size_t kRoutes = 13;
[[nodiscard]] std::string_view to_string(Route route) noexcept;

/// Where a request goes. A plain value.
struct Destination {
  Route route = Route::unknown;
  std::vector<std::string> captures;  ///< the decoded segments that stand for `{}` in the pattern
  std::string allowed;  ///< of a known path asked with another method: those it takes, as Allow lists them
};

/// Finds the route of `method` and `path`. HEAD goes where GET goes.
[[nodiscard]] Destination find_route(std::string_view method, std::string_view path);

}  // namespace neve::service
