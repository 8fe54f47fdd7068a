#pragma once

#include <algorithm>
#include <string_view>

namespace neve::service {

/// The value of a header field without the blanks around it (RFC 9110, 5.5).
[[nodiscard]] constexpr std::string_view trim(std::string_view value) noexcept {
  constexpr std::string_view kBlanks = " \t";
  value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
  return value.substr(0, value.find_last_not_of(kBlanks) + 1);
}

}  // namespace neve::service
