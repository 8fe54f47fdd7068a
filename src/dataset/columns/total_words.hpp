#pragma once

#include <string_view>

namespace neve::dataset {

/// How plainly a text calls its row a total.
enum class TotalWords {
  none,
  in_a_name,      ///< "Summa Health": a word of totals that names have as well
  beside_others,  ///< "North subtotal"
  alone,          ///< "Total:", and no other word
};

/// What words of some thirty languages say, whatever their case.
[[nodiscard]] TotalWords total_words_of(std::string_view cell) noexcept;

/// True for `Ergebnis`, which in a budget is the kind of amount that stands beside `Ansatz`.
[[nodiscard]] bool may_be_kind(std::string_view cell) noexcept;

/// True for words of totals that are no kind of amount: in a column of times they can be nothing but the label of a
/// row.
[[nodiscard]] bool calls_row_total(std::string_view cell) noexcept;

/// True for `of which interest`, `davon Boni`, `- dont TVA` and the like: a part of what another row has.
[[nodiscard]] bool says_part(std::string_view cell) noexcept;

/// True for `Average`, `Mean:`, `Average per customer`, `Durchschnitt` and the like.
[[nodiscard]] bool has_average_word(std::string_view cell) noexcept;

}  // namespace neve::dataset
