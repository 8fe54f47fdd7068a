#pragma once

#include <string_view>

namespace neve::dataset {

/// Whether two columns are the two sides of one thing, by their names: `debit_account` and `credit_account`, `soll` and
/// `haben`, `from` and `to`. What stands in them is of one kind, so neither divides what the other names.
[[nodiscard]] bool are_counterparts(std::string_view one, std::string_view other) noexcept;

}  // namespace neve::dataset
