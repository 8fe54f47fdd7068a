#pragma once

#include <string>
#include <string_view>

namespace neve::dataset {

/// The cell without blanks around it: ASCII white space, no-break spaces (U+00A0, U+202F), byte order marks.
[[nodiscard]] inline std::string_view trimmed(std::string_view cell) noexcept;

namespace detail {
[[nodiscard]] std::string_view trim_slowly(std::string_view cell) noexcept;
/// Neither a blank nor part of a wide character.
[[nodiscard]] constexpr bool settled(char c) noexcept { return c > ' ' && c <= '~'; }
}  // namespace detail

inline std::string_view trimmed(std::string_view cell) noexcept {
  const bool nothing = cell.empty() || (detail::settled(cell.front()) && detail::settled(cell.back()));
  return nothing ? cell : detail::trim_slowly(cell);
}

/// For messages and examples: at most `limit` code points, control characters as blanks, an ellipsis if cut.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t limit = 60);

}  // namespace neve::dataset
