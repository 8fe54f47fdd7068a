#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/exchange/router.hpp"

namespace neve::service {

/// A part of a request's time, as Server-Timing names it.
struct Timing {
  const char* name;
  double seconds;
};

/// Whether an answer came out of the cache. Reaches X-Cache, the log and metrics by name.
enum class CacheOutcome { none, hit, miss, bypass };
[[nodiscard]] std::string_view to_string(CacheOutcome outcome) noexcept;

/// What the service knows about one exchange beyond the answer: for headers, the log and metrics. Filled by the thread
/// that handles the request.
struct ExchangeNote {
  std::string request_id;
  std::string remote_address;
  Route route = Route::unknown;
  std::string caller;   ///< the API key's name; empty without one
  std::string dataset;  ///< its id, if the request concerns one
  CacheOutcome cache = CacheOutcome::none;
  std::string tier;  ///< of a hit, or what else the answer came from
  std::vector<Timing> timings;
  std::string problem;  ///< type of the problem document, if the answer is one
  std::string detail;   ///< what the client is not told: of internal errors; of what is no request, why
};

}  // namespace neve::service
