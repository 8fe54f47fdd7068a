#pragma once

#include <string>

#include <neve/base/error.hpp>

namespace neve::dataset {

/// What a message of DuckDB's about an analysis is to its user, by the kind of failure it begins with: `too_large` if
/// the sums have too many digits or memory does not suffice, `io` if a file cannot be read or there is no room for what
/// does not fit into memory (its number is ENOSPC or EDQUOT then), else `internal`.
[[nodiscard]] Error analysis_failure(const std::string& message);

}  // namespace neve::dataset
