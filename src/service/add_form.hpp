#pragma once

#include <map>
#include <string>

#include <neve/dataset/add_options.hpp>

namespace neve::service {

/// The options that the parameters of an addition stand for: `id`, `name`, `sheet`, `encoding`, `delimiter`, `quote`,
/// `header_row`, `date_order`, `decimal`, `unpivot`, and `type.COLUMN` for a column's type. Throws ProblemError
/// `invalid_parameter`, with the nearest name, for another, and for values that are none.
[[nodiscard]] dataset::AddOptions add_options_from(const std::map<std::string, std::string>& fields,
                                                   const std::string& filename);

}  // namespace neve::service
