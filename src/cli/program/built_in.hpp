#pragma once

#include <string>
#include <utility>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/stage_registry.hpp>

namespace neve::cli {

/// What this program was built with. A plain value.
struct BuiltIn {
  std::vector<std::pair<std::string, std::string>> libraries;  ///< name and version
  std::vector<std::string> stages;
  bool redis = false;
  bool optics = false;
  bool datasets = false;
  bool service = false;
  bool prometheus = false;  ///< metrics of caches as Prometheus text

  [[nodiscard]] Json to_json() const;
};

[[nodiscard]] BuiltIn what_is_built_in(const StageRegistry& registry);

}  // namespace neve::cli
