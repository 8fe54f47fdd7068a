#include <neve/base/url.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

namespace neve {
namespace {

std::string percent_decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      throw Error(ErrorCode::invalid_argument, "a '%' in a cache URL must be followed by two hexadecimal digits");
    }
    if (high == 0 && low == 0)
      throw Error(ErrorCode::invalid_argument, "a cache URL cannot hold the byte zero ('%00')");
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::map<std::string, std::string> parse_query(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::size_t equals = pair.find('=');
    std::string name = percent_decode(pair.substr(0, equals));
    if (name.empty() || equals == std::string_view::npos) {
      throw Error(ErrorCode::invalid_argument, "the query of a cache URL must be name=value pairs joined by '&'");
    }
    if (!query.emplace(name, percent_decode(pair.substr(equals + 1))).second) {
      throw Error(ErrorCode::invalid_argument, "'" + name + "' is given twice in a cache URL");
    }
  }
  return query;
}

void parse_authority(std::string_view text, Url& url) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view credentials = text.substr(0, at);
    const std::size_t colon = credentials.find(':');
    url.user = percent_decode(credentials.substr(0, colon));
    if (colon != std::string_view::npos) url.password = percent_decode(credentials.substr(colon + 1));
    text = text.substr(at + 1);
  }
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find(']') : text.find(':');
  const std::string_view host = text.substr(bracketed ? 1 : 0, bracketed ? host_end - 1 : host_end);
  const std::string_view rest = host_end == std::string_view::npos ? "" : text.substr(host_end + (bracketed ? 1 : 0));
  if ((bracketed && host_end == std::string_view::npos) || (!rest.empty() && !rest.starts_with(':')) ||
      rest.find(':', 1) != std::string_view::npos) {
    // Not repeated: where the '@' is missing, it holds a password.
    throw Error(ErrorCode::invalid_argument,
                "what stands for host and port in the URL is neither; an IPv6 address has brackets, as in [::1]:6379");
  }
  url.host = percent_decode(host);
  if (rest.empty()) return;
  const std::string_view digits = rest.substr(1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
    throw Error(ErrorCode::invalid_argument,
                "the port in the URL of host '" + url.host + "' must be a number from 1 to 65535");
  }
  url.port = port;
}

/// Splits "12.5 MiB" into its number and its unit in lower case.
std::pair<double, std::string> parse_quantity(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return {-1, ""};
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  return {number, lower_case(unit)};
}

}  // namespace

Url Url::parse(std::string_view text) {
  Url url;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    const std::string given(text.find('@') == std::string_view::npos ? text : "");  // or it may hold a password
    const std::string named = given.empty() || colon == 0 ? "" : "'" + given + "' names no kind of cache; ";
    const std::string folder = named.empty() ? "disk:.neve" : "disk:" + given;
    throw Error(ErrorCode::invalid_argument,
                named + "a cache URL begins with its kind, as in '" + folder + "' or 'memory:256MiB'");
  }
  url.scheme = lower_case(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 1);
  if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    url.query = parse_query(rest.substr(mark + 1));
    rest = rest.substr(0, mark);
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::size_t slash = rest.find('/');
    parse_authority(rest.substr(0, slash), url);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  }
  url.path = percent_decode(rest);
  return url;
}

std::string Url::redacted() const {
  std::string text = scheme + ":";
  if (!host.empty() || !user.empty() || !password.empty()) {
    text += "//";
    if (!user.empty() || !password.empty()) text += user + (password.empty() ? "" : ":***") + "@";
    text += host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port) text += ":" + std::to_string(*port);
  }
  text += path;
  char separator = '?';
  for (const auto& [name, value] : query) {
    text += separator + name + "=" + (name.find("password") == std::string::npos ? value : "***");
    separator = '&';
  }
  return text;
}

std::uint64_t parse_byte_size(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 14> kUnits{{{"", 1},
                                                                               {"b", 1},
                                                                               {"k", 1024.0},
                                                                               {"kib", 1024.0},
                                                                               {"kb", 1e3},
                                                                               {"m", 1048576.0},
                                                                               {"mib", 1048576.0},
                                                                               {"mb", 1e6},
                                                                               {"g", 1073741824.0},
                                                                               {"gib", 1073741824.0},
                                                                               {"gb", 1e9},
                                                                               {"t", 1099511627776.0},
                                                                               {"tib", 1099511627776.0},
                                                                               {"tb", 1e12}}};
  const auto [number, unit] = parse_quantity(text);
  for (const auto& [name, factor] : kUnits) {
    if (number >= 0 && unit == name && number * factor < 0x1p63) return static_cast<std::uint64_t>(number * factor);
  }
  throw Error(ErrorCode::invalid_argument,
              "'" + std::string(text) + "' is not a size in bytes; write 1048576, 256MiB or 1.5GB");
}

std::chrono::milliseconds parse_duration(std::string_view text) {
  constexpr double kLongest = 1e11;
  static constexpr std::array<std::pair<std::string_view, double>, 6> kUnits{
      {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"h", 3600}, {"d", 86400}}};
  const auto [number, unit] = parse_quantity(text);
  for (const auto& [name, factor] : kUnits) {
    if (!(number >= 0) || unit != name) continue;
    const double seconds = number * factor;
    if (seconds > kLongest) throw Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is too long a time");
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  throw Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is not a duration; write 90s, 15m, 6h or 30d");
}

}  // namespace neve
