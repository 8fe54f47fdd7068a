#pragma once

#include <cstdint>
#include <string_view>

namespace neve::dataset {

/// What two columns are to each other, by their names.
enum class Counterparts : std::uint8_t {
  none,
  ends,   ///< `from` and `to`, `exporter` and `importer`: tables list the ends of one start below it as well
  sides,  ///< of a booking: `debit_account` and `credit_account`, `soll` and `haben`
};

/// Whether two columns are the two sides of one thing: what stands in them is of one kind, so neither divides what the
/// other names.
[[nodiscard]] Counterparts counterparts(std::string_view one, std::string_view other) noexcept;

}  // namespace neve::dataset
