#pragma once

#include <optional>
#include <string_view>

#include "dataset/csv/dialect.hpp"

namespace neve::dataset {

/// How the text that begins with `sample` is delimited and quoted; what is given is taken as it is.
[[nodiscard]] Dialect find_dialect(std::string_view sample, std::optional<char> delimiter, std::optional<char> quote);

}  // namespace neve::dataset
