#pragma once

#include <optional>
#include <string_view>

namespace neve::dataset {

/// In what amounts are counted, as a text beside them says.
struct AmountUnit {
  int power = 0;          ///< of ten: 3 of thousands
  bool currency = false;  ///< one is named
};

/// Reads a common currency, thousands and the like, or both: `EUR`, `Millions`, `TEUR`, `Mio. €`, `$000`, `USD
/// million`; nothing for other texts, nor for a single letter.
[[nodiscard]] std::optional<AmountUnit> amount_unit_of(std::string_view text);

}  // namespace neve::dataset
