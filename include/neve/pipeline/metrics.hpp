#pragma once

#include <map>
#include <string>

namespace neve {

/// Scalars by name, such as `energy_j`. Names include the unit.
using Metrics = std::map<std::string, double>;

}  // namespace neve
