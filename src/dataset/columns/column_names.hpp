#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace neve::dataset {

/// Headers as unique snake_case names: words of letters and digits joined by `_`, letters in lower case, accents of
/// Latin ones left out, other scripts kept; `column_3` for a header without any, and `_2`, `_3` behind a name
/// that was there before or is another column's header. So a header that is such a name keeps it.
[[nodiscard]] std::vector<std::string> column_names(std::span<const std::string> headers);

/// True if one of the words that `_` separates in `name` is among `words`.
[[nodiscard]] bool has_word(std::string_view name, std::span<const std::string_view> words) noexcept;

/// A name that `column_names` gave as filters have it: in quotes if it begins with a digit or with a word of theirs.
[[nodiscard]] std::string name_in_filter(const std::string& name);

}  // namespace neve::dataset
