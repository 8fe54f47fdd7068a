#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/cache/flight.hpp>
#include <neve/cache/tiered.hpp>

namespace neve {

/// The options of `TierUrl`, which every kind of cache URL may have beside its own.
inline constexpr std::array<std::string_view, 3> kTierOptions{"flight", "mode", "writes"};

/// One cache of a list of URLs, and what its URL says about how it is used among the others. A plain value.
struct TierUrl {
  std::string url;                                ///< the cache's own URL, without the options below
  TierAccess access = TierAccess::read_write;     ///< `mode=read`: looked up, never stored to
  std::optional<TierWrites> writes = {};          ///< `writes=through|background`: of the whole chain
  std::optional<FlightReach> flight = {};         ///< `flight=off|local|shared`: of the whole chain
  [[nodiscard]] std::string_view scheme() const;  ///< `disk`, `redis+cluster`
};

/// The caches of a comma list of URLs, nearest first; one for a single URL. A comma that is not followed by a kind of
/// cache belongs to the URL before it, as in a list of hosts. Throws `invalid_argument` for a kind of cache, and a
/// value of `mode`, `writes` or `flight`, that there is not.
[[nodiscard]] std::vector<TierUrl> split_tiers(std::string_view urls);

/// The URLs with `***` in the place of every password: the only form that may be printed. Never throws for a bad URL.
[[nodiscard]] std::string redacted_urls(std::string_view urls);

}  // namespace neve
