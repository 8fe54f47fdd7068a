#pragma once

#include <string_view>

namespace neve::dataset {

/// The symbol or code of a currency with which the text begins, as amounts have them before or behind, or nothing.
[[nodiscard]] std::string_view leading_currency(std::string_view text) noexcept;

/// The same of a text behind a number, where words are currencies as well: `Euro`, `руб.`, `TL`.
[[nodiscard]] std::string_view trailing_currency(std::string_view text) noexcept;

/// One word for all that mean the same currency: `EUR` of `€` and `Euro`. `$` is that of many countries, and stays.
[[nodiscard]] std::string_view plain_currency(std::string_view currency) noexcept;

/// Whether the text is one that amounts have before them.
[[nodiscard]] bool is_currency(std::string_view text) noexcept;

/// Whether the text is such a one, or the code of any other currency (ISO 4217, and some that were), in any case:
/// what a column beside amounts has.
[[nodiscard]] bool names_currency(std::string_view text) noexcept;

}  // namespace neve::dataset
