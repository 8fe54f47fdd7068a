#pragma once

#include <map>
#include <string>

#include <neve/dataset/add_options.hpp>

#include "service/http/target.hpp"

namespace neve::service {

/// The options that the parameters of an addition say: `id`, `name`, `sheet`, `encoding`, `delimiter`, `quote`,
/// `header_row`, `date_order`, `decimal`, `totals`, `unpivot`, and `type.COLUMN` for the type of a column. `filename`
/// is the upload's: the dataset's name, and what its id is made from, where the parameters do not give them.
///
/// Throws ProblemError `invalid_parameter` for a name that is none of these, with the nearest that is, and for a value
/// that its parameter does not take.
[[nodiscard]] dataset::AddOptions add_options_from(const std::map<std::string, std::string>& fields,
                                                   const std::string& filename);

/// Throws what `add_options_from` throws for the parameters in the address of an addition, which are known before its
/// file is received.
void check_add_query(const QueryParameters& query);

}  // namespace neve::service
