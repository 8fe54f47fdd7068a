#pragma once

#include <map>
#include <string>

namespace neve {

/// Scalars by name, such as `energy_j`. Units belong into the names.
using Metrics = std::map<std::string, double>;

}  // namespace neve
