#include <neve/pipeline/stage_registry.hpp>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

namespace neve {

StageRegistry& StageRegistry::add(StageKind kind) {
  const std::string name = kind.name;
  if (!kinds_.emplace(name, std::move(kind)).second) {
    throw Error(ErrorCode::invalid_argument, "a stage '" + name + "' is already registered");
  }
  return *this;
}

const StageKind& StageRegistry::kind(std::string_view name) const {
  const auto found = kinds_.find(name);
  if (found != kinds_.end()) return found->second;
  throw Error(ErrorCode::invalid_argument, "there is no stage '" + std::string(name) + "'" + suggestion(name, names()));
}

std::vector<std::string> StageRegistry::names() const {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kinds_) names.push_back(name);
  return names;
}

}  // namespace neve
