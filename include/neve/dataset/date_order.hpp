#pragma once

#include <string_view>

#include <neve/dataset/add_options.hpp>

namespace neve::dataset {

/// `auto`, `dmy` or `mdy`: the words of the command, of Python, of HTTP and of lineage.json.
[[nodiscard]] std::string_view to_string(DateOrder order);

/// Throws `invalid_argument` for another word.
[[nodiscard]] DateOrder parse_date_order(std::string_view word);

}  // namespace neve::dataset
