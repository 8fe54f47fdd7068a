#include "service/http/response_head.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace neve::service {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 38> kReasons{{
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},  // of no standard, as nginx says it
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

/// "Wed, 25 Nov 2026 02:33:39 GMT" (RFC 9110, 5.6.7), made once a second by each thread.
const std::string& date_now() {
  thread_local std::time_t made_for = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != made_for) {
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 40> buffer{};
    // Not %a and %b: those follow the locale.
    static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                   kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec);
    text.assign(buffer.data(), static_cast<std::size_t>(size));
    made_for = now;
  }
  return text;
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  const std::size_t from = head.size();
  head.append(value);
  for (std::size_t i = from; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if ((c < 0x20 && c != '\t') || c == 0x7f) head[i] = ' ';
  }
  head.append("\r\n");
}

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  for (const auto& [number, phrase] : kReasons) {
    if (number == status) return phrase;
  }
  return "Unknown";
}

std::uint64_t body_size(const Body& body) noexcept {
  if (const auto* file = std::get_if<FileBody>(&body)) return file->length;
  return std::get<Bytes>(body).size();
}

std::string write_response_head(const Response& response, AfterAnswer after) {
  std::string head;
  head.reserve(512);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(reason_phrase(response.status)).append("\r\n");
  append_header(head, "Date", date_now());
  for (const Header& header : response.headers) append_header(head, header.name, header.value);
  if (response.status >= 200 && response.status != 204 && response.status != 304) {
    append_header(head, "Content-Length", std::to_string(body_size(response.body)));
  }
  if (after == AfterAnswer::close) append_header(head, "Connection", "close");
  head.append("\r\n");
  return head;
}

}  // namespace neve::service
