#pragma once

namespace neve::cli {

/// The version this program was built as: the project version, given by the build.
inline constexpr const char* kVersion = NEVE_VERSION;

}  // namespace neve::cli
