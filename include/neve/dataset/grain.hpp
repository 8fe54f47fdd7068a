#pragma once

#include <string_view>

namespace neve::dataset {

/// How time is cut into periods. Reaches results, keys and the command line, so the names are part of the interface.
enum class Grain {
  automatic,  ///< the finest that the dataset's time columns give
  month,      ///< periods `2024-M02`
  quarter,    ///< periods `2024-Q1`
  year,       ///< periods `2024`
  none,       ///< no periods, only the total
};

/// `auto`, `month`, `quarter`, `year`, `none`: what a person asks for.
[[nodiscard]] std::string_view to_string(Grain grain) noexcept;

/// `year_month`, `year_quarter`, `year`, `none`: what a result says it has. Of `automatic`: `auto`.
[[nodiscard]] std::string_view result_name(Grain grain) noexcept;

/// The grain of either name. Throws `invalid_argument`, naming the text and the nearest name.
[[nodiscard]] Grain parse_grain(std::string_view text);

}  // namespace neve::dataset
