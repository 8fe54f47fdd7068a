#pragma once

#include <string_view>

namespace neve::dataset {

/// The symbol or code of a currency with which the text begins, as amounts have them before or behind, or nothing.
[[nodiscard]] std::string_view leading_currency(std::string_view text) noexcept;

/// Whether the text is one of those.
[[nodiscard]] bool is_currency(std::string_view text) noexcept;

/// Whether the text is one of those, or the code of any other currency (ISO 4217, and some that were), in any case:
/// what a column beside amounts has.
[[nodiscard]] bool names_currency(std::string_view text) noexcept;

}  // namespace neve::dataset
