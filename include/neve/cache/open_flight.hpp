#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <neve/cache/flight.hpp>
#include <neve/cache/observed.hpp>

namespace neve {

/// What keeps others from computing the same key meanwhile, for the cache that `urls` names and `cache` is. Null if
/// nobody does: `off`, or a cache that only this process has.
///
/// `reach` wins over what the URLs say (`flight=off|local|shared`); if neither says anything it is `local`. Processes
/// agree on who computes if they share a folder or server that both may write to and that is not away: then each finds
/// what the other stores. Throws `invalid_argument` for `shared` without a Redis that may be written to,
/// and what `open_cache` throws for a bad URL.
[[nodiscard]] std::shared_ptr<FlightControl> open_flight(std::string_view urls, const Observed& cache,
                                                         std::optional<FlightReach> reach = {});

}  // namespace neve
