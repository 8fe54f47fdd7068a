#pragma once

#include <string_view>
#include <vector>

#include <neve/pipeline/pipeline_file.hpp>

#include "pipeline/file/mistakes.hpp"
#include "pipeline/file/yaml_tree.hpp"

namespace neve {

/// Reads one stage of the `stages` mapping; fields with mistakes stay empty.
[[nodiscard]] StageSpec read_stage(const YamlNode::Member& member, std::string_view file, Mistakes& mistakes);

/// Adds what is needed and does not exist; if there are no mistakes, that a stage needs itself through others.
void check_needs(const std::vector<StageSpec>& stages, Mistakes& mistakes);

}  // namespace neve
