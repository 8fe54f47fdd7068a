#pragma once

#include <string_view>

namespace neve::dataset {

/// Takes a year of a Japanese era from the front of `text`, with its unit (`令和5年`, `平成元年`), and returns it as
/// the calendar counts; 0: there is none, and `text` stays as it is. Eras from Meiji on.
[[nodiscard]] int take_era_year(std::string_view& text) noexcept;

}  // namespace neve::dataset
