#pragma once

#include <string_view>

namespace neve::dataset {

/// 1 to 12 for the name of a month in one of eighteen languages or its abbreviation, whatever its case, and for `1月`;
/// else 0.
[[nodiscard]] int month_of_name(std::string_view name);

/// Whether the name is that of a weekday in one of seven languages, or an English or German abbreviation without its
/// point, whatever its case.
[[nodiscard]] bool is_name_of_weekday(std::string_view name);

/// Whether the word is that for a quarter in one of some languages: the 1 before it is one.
[[nodiscard]] bool is_word_for_quarter(std::string_view word);

/// 1 to 4 for `T1` and `1T`, as quarters are called in French, Spanish, Portuguese and Italian, and thirds of a year in
/// other languages; else 0.
[[nodiscard]] int quarter_with_t(std::string_view name);

/// 1 to 4 for `Q1`, `1Q`, `Quarter 1`; else 0.
[[nodiscard]] int quarter_of_name(std::string_view name);

/// Whether the word means a half of a year: `Halbjahr`, `semestre`, `полугодие`, `half`.
[[nodiscard]] bool is_word_for_half(std::string_view word);

/// Takes the half that is named at the front of `text`: H1, HY1, HJ1, 1H, 1HY, 1HJ, in any case; 0: there is none, or
/// a letter follows.
[[nodiscard]] int take_half(std::string_view& text);

/// 1 to 4 of I, II, III, IV; 0 of others. Alone they are months as well as quarters.
[[nodiscard]] int quarter_in_roman(std::string_view text);

}  // namespace neve::dataset
