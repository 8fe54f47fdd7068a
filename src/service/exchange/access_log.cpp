#include "service/exchange/access_log.hpp"

#include <fmt/format.h>

#include <neve/codec/json.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {
namespace {

std::string time_text(TimePoint time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

/// As a JSON string; what is no UTF-8 is replaced.
std::string quoted(std::string_view text) { return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace); }

void append(std::string& line, std::string_view name, std::string_view value) {
  if (!value.empty()) line += fmt::format(",\"{}\":{}", name, quoted(value));
}

}  // namespace

std::string_view to_string(CacheOutcome outcome) noexcept {
  switch (outcome) {
    case CacheOutcome::none:
      return "";
    case CacheOutcome::hit:
      return "hit";
    case CacheOutcome::miss:
      return "miss";
    case CacheOutcome::bypass:
      return "bypass";
  }
  return "";
}

std::string log_line(TimePoint now, const Request* request, const Response& response, const Exchange& exchange,
                     const ExchangeNote& note) {
  // 501 and 505 of what is no request are its sender's fault.
  const bool failed = response.status >= 500 && note.problem != type_of(ProblemKind::bad_request);
  std::string line = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"event\":\"request\"", time_text(now),
                                 failed ? "error" : "info");
  append(line, "request_id", note.request_id);
  append(line, "remote", note.remote_address);
  if (request != nullptr) {
    append(line, "method", request->method);
    append(line, "path", request->path);
  }
  append(line, "route", to_string(note.route));
  append(line, "caller", note.caller);
  append(line, "dataset", note.dataset);
  line += fmt::format(",\"status\":{},\"sent_bytes\":{},\"total_s\":{:.6f}", response.status, exchange.sent_bytes,
                      exchange.total_s);
  for (const Timing& timing : note.timings) {
    if (std::string_view(timing.name) != "total") line += fmt::format(",\"{}_s\":{:.6f}", timing.name, timing.seconds);
  }
  append(line, "cache", to_string(note.cache));
  append(line, "tier", note.tier);
  append(line, "problem", note.problem);
  append(line, "detail", note.detail);
  if (exchange.delivery != Delivery::complete) append(line, "delivery", to_string(exchange.delivery));
  line += "}\n";
  return line;
}

std::string log_line(TimePoint now, std::string_view level, std::string_view event, std::string_view detail) {
  std::string line = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"event\":\"{}\"", time_text(now), level, event);
  append(line, "detail", detail);
  line += "}\n";
  return line;
}

}  // namespace neve::service
