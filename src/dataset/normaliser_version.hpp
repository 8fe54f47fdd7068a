#pragma once

#include <cstdint>

namespace neve::dataset {

/// Raised whenever the same file and options would give other bytes: then a file that was added before is normalised
/// anew.
inline constexpr std::uint64_t kNormaliserVersion = 25;

}  // namespace neve::dataset
