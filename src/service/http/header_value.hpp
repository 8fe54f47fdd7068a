#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace neve::service {

/// The value of a header field without the blanks around it (RFC 9110, 5.5).
[[nodiscard]] constexpr std::string_view trim(std::string_view value) noexcept {
  constexpr std::string_view kBlanks = " \t";
  value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
  return value.substr(0, value.find_last_not_of(kBlanks) + 1);
}

/// The number that decimal digits, and nothing else, say; nothing for other text and for numbers beyond 64 bits.
[[nodiscard]] inline std::optional<std::uint64_t> parse_digits(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

/// What a backslash between quotation marks is: part of a quoted string's escapes, or a character as in entity tags.
enum class Backslash { escapes, plain };

/// Takes the next member of the comma list `list` (RFC 9110, 5.6.1) from its front, without the blanks around it; empty
/// members are passed over. A comma between quotation marks separates nothing. Nothing at the end.
[[nodiscard]] std::optional<std::string_view> take_member(std::string_view& list,
                                                          Backslash backslash = Backslash::escapes) noexcept;

/// Whether the comma list `list` has the member `word` (lower case), in whatever case.
[[nodiscard]] bool has_member(std::string_view list, std::string_view word);

/// Whether the Cache-Control of a request (RFC 9111, 5.2.1) wants an answer that is not a stored one: `no-cache`, or a
/// `max-age` of 0.
[[nodiscard]] bool wants_fresh(std::string_view cache_control);

/// Whether `value` is what Host may be (RFC 9110, 7.2; RFC 3986, 3.2.2): a name or an address, perhaps a port; or
/// empty.
[[nodiscard]] bool is_host(std::string_view value) noexcept;

}  // namespace neve::service
