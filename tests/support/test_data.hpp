#pragma once

#include <string>

namespace neve {

/// Where the file or folder of that path from tests/ is on this machine.
[[nodiscard]] std::string test_data(const std::string& path);

}  // namespace neve
