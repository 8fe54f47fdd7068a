#pragma once

#include <string>
#include <string_view>

#include <neve/base/error.hpp>

namespace neve::dataset {

/// `what` and the message of an `IO Error` of DuckDB as an `io` error. DuckDB passes the system's error on as words
/// only: the error's number is ENOSPC or EDQUOT where they say that there is no room, else 0.
[[nodiscard]] Error duck_io_error(const std::string& what, std::string_view message);

}  // namespace neve::dataset
