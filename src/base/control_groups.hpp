#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace neve {

/// How the kernel names a group's limits: in files such as `memory.max` (2) or `memory.limit_in_bytes` (1).
enum class ControlGroupVersion { one, two };

/// Shows `visit` the folders of the control groups around this process that may limit what `controller` ("memory",
/// "cpu") gives it, each before those around it. A container cannot see all of the path it is told: some of the folders
/// are not there. `root` is where /proc and /sys are found.
/// Source: man 7 cgroups.
void visit_control_groups(const std::filesystem::path& root, std::string_view controller,
                          const std::function<void(const std::filesystem::path&, ControlGroupVersion)>& visit);

}  // namespace neve
