#pragma once

#include <neve/pipeline/pipeline_file.hpp>

#include "cli/arguments/arguments.hpp"
#include "cli/program/surroundings.hpp"

namespace neve::cli {

/// The pipeline file with what the command line changes about it. Throws as `read_pipeline_file` and for settings that
/// name nothing.
[[nodiscard]] PipelineFile read_chosen_pipeline(const PipelineArguments& arguments);

/// What the command stages of that file see.
[[nodiscard]] CommandSurroundings command_surroundings(const PipelineArguments& arguments,
                                                       const Surroundings& surroundings);

}  // namespace neve::cli
