#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace neve::dataset {

using WordPair = std::pair<std::string_view, std::string_view>;

/// What the two sides of a booking are called, in small letters without accents: `soll` and `haben`.
[[nodiscard]] std::span<const WordPair> words_of_bookings() noexcept;

/// What the two texts of a column say of the amounts beside them.
enum class Sides : std::uint8_t {
  none,
  debits_and_credits,   ///< `Soll` and `Haben`, `Dr` and `Cr`
  income_and_expenses,  ///< `Einnahme` and `Ausgabe`, `Ingresos` and `Gastos`
};

/// Whatever the order, the case and the accents. Letters (`D` and `C`, `S` and `H`) are sides only if `named`: the
/// name of the column speaks of such.
[[nodiscard]] Sides sides_of(std::string_view one, std::string_view other, bool named) noexcept;

/// True for `Opening balance`, `SALDO ANTERIOR`, `Endsaldo 31.12.` and the like: what an account holds, in a list of
/// what was moved.
[[nodiscard]] bool says_balance(std::string_view cell) noexcept;

/// True for `Gross Profit`, `Jahresüberschuss`, `Utilidad neta` and the like: what the rows of a statement come to or
/// leave, and no total of them.
[[nodiscard]] bool says_result(std::string_view cell) noexcept;

}  // namespace neve::dataset
