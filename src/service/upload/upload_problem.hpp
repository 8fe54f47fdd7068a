#pragma once

#include <neve/base/error.hpp>

#include "service/exchange/problem.hpp"
#include "service/upload/upload.hpp"

namespace neve::service {

/// What a failed addition is to the client whose file it was: `corrupt` and `unsupported` are here about what was sent,
/// not about what is stored. The file is called by the
/// name the client gave it. Throws `error` again if what failed is the service's own.
[[nodiscard]] Problem upload_problem(const Error& error, const Upload& upload);

}  // namespace neve::service
