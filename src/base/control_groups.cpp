#include "base/control_groups.hpp"

#include <fstream>
#include <string>

namespace neve {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& controllers, std::string_view controller) {
  return ("," + controllers + ",").find("," + std::string(controller) + ",") != std::string::npos;
}

}  // namespace

void visit_control_groups(const fs::path& root, std::string_view controller,
                          const std::function<void(const fs::path&, ControlGroupVersion)>& visit) {
  const auto visit_all = [&](const fs::path& hierarchy, const std::string& group, ControlGroupVersion version) {
    for (fs::path at = fs::path(group).lexically_normal();; at = at.parent_path()) {
      visit(hierarchy / at.relative_path(), version);
      if (!at.has_relative_path()) return;
    }
  };
  std::ifstream groups(root / "proc/self/cgroup");  // lines such as "0::/job" and, of version 1, "4:cpu,memory:/job"
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      visit_all(root / "sys/fs/cgroup", group, ControlGroupVersion::two);
    } else if (has(controllers, controller)) {
      visit_all(root / "sys/fs/cgroup" / controller, group, ControlGroupVersion::one);
    }
  }
}

}  // namespace neve
