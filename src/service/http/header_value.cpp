#include "service/http/header_value.hpp"

#include <neve/base/ascii.hpp>

namespace neve::service {
namespace {

/// Where the member at the front of `list` ends.
std::size_t member_size(std::string_view list, Backslash backslash) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"') {
      quoted = !quoted;
    } else if (quoted && list[i] == '\\' && backslash == Backslash::escapes) {
      ++i;
    } else if (!quoted && list[i] == ',') {
      return i;
    }
  }
  return list.size();
}

std::string_view without_quotes(std::string_view value) noexcept {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

/// Of a registered name, and of an address between brackets, colons apart.
bool is_plain(char c) noexcept {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=";
  return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
}

bool is_address_in_brackets(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c) || c == ':'; });
}

bool is_registered_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text[i])) continue;
    if (text[i] != '%' || text.size() - i < 3 || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) return false;
    i += 2;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> take_member(std::string_view& list, Backslash backslash) noexcept {
  while (!list.empty()) {
    const std::size_t size = member_size(list, backslash);
    const std::string_view member = trim(list.substr(0, size));
    list.remove_prefix(std::min(size + 1, list.size()));
    if (!member.empty()) return member;
  }
  return std::nullopt;
}

bool has_member(std::string_view list, std::string_view word) {
  while (const auto member = take_member(list)) {
    if (equals_ignoring_case(*member, word)) return true;
  }
  return false;
}

bool wants_fresh(std::string_view cache_control) {
  while (const auto directive = take_member(cache_control)) {
    const std::size_t equals = std::min(directive->find('='), directive->size());
    const std::string_view name = directive->substr(0, equals);
    if (equals_ignoring_case(name, "no-cache")) return true;
    if (!equals_ignoring_case(name, "max-age") || equals == directive->size()) continue;
    if (parse_digits(without_quotes(directive->substr(equals + 1))) == 0U) return true;
  }
  return false;
}

bool is_host(std::string_view value) noexcept {
  std::string_view host = value;
  std::string_view port;
  const std::size_t bracket = value.find(']');
  const std::size_t colon = value.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    host = value.substr(0, colon);
    port = value.substr(colon + 1);
  }
  if (!std::all_of(port.begin(), port.end(), is_digit)) return false;
  if (host.starts_with('[')) return host.ends_with(']') && is_address_in_brackets(host.substr(1, host.size() - 2));
  return is_registered_name(host);
}

}  // namespace neve::service
