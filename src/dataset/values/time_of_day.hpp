#pragma once

#include <cstdint>
#include <string_view>

namespace neve::dataset {

enum class TimeOfDay : std::uint8_t {
  none,      ///< it is no time
  midnight,  ///< which adds nothing to a date
  other,
};

/// Reads what may follow a date: `T10:22`, ` 10:22:33.5 PM`, `T10:22:33+01:00`, ` 10:22Z`, `, 10:22`.
[[nodiscard]] TimeOfDay parse_time_of_day(std::string_view text) noexcept;

}  // namespace neve::dataset
