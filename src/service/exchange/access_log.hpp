#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <neve/base/clock.hpp>
#include <neve/service/http_server.hpp>

#include "service/exchange/exchange_note.hpp"

namespace neve::service {

/// One exchange as a line of JSON with its line feed: time, request id, caller, method, path, route, status, bytes,
/// seconds, cache and how the delivery ended. The query is left out, since it may carry a signature. `request` is null
/// for what was no request.
[[nodiscard]] std::string log_line(TimePoint now, const Request* request, const Response& response,
                                   const Exchange& exchange, const ExchangeNote& note);

/// A line about the service itself: `{"time":...,"level":...,"event":...,"detail":...}`.
[[nodiscard]] std::string log_line(TimePoint now, std::string_view level, std::string_view event,
                                   std::string_view detail);

}  // namespace neve::service
