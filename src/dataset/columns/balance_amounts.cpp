#include "dataset/columns/balance_amounts.hpp"

#include <algorithm>
#include <array>

#include "dataset/columns/column_names.hpp"

namespace neve::dataset {
namespace {

constexpr auto kBalanceNames = std::to_array<std::string_view>(
    {"balance", "saldo", "saldi", "solde", "kontostand", "bestand", "stand", "zustatek", "остаток", "余额", "残高"});

}  // namespace

BalanceAmounts::BalanceAmounts(const ColumnPlan& plan, std::span<const std::string> balances,
                               std::span<const std::string> names)
    : texts_(plan), balances_(balances.begin(), balances.end()) {
  for (const std::string& name : names) of_balances_.push_back(has_word(name, kBalanceNames));
}

void BalanceAmounts::begin(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines) {
  of_rows_.resize(cells.size());
  texts_.convert(cells, lines, of_rows_);
}

void BalanceAmounts::add(std::size_t column, std::span<const CellValue> amounts) {
  if (of_balances_[column]) return;
  movements_ = true;
  if (among_movements_) return;
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    if (of_rows_[i].blank || amounts[i].blank || amounts[i].number == 0) continue;
    among_movements_ =
        among_movements_ || std::find(balances_.begin(), balances_.end(), of_rows_[i].text) != balances_.end();
  }
}

}  // namespace neve::dataset
