#pragma once

#include <filesystem>

#include <neve/pipeline/command_stage.hpp>
#include <neve/pipeline/stage_context.hpp>
#include <neve/pipeline/state.hpp>

namespace neve {

/// Reads what a command left in `folder`: arrays and state.json make the state; metrics.json and artifacts/ go to
/// `context`. Nothing in the folder is trusted: links and special files are refused, sizes bounded, object arrays
/// refused. An artifact that is refused is left out, with a warning to `context`; anything else fails the stage.
///
/// Throws `stage_failed` naming the file and what was expected, also for one that is damaged; `unsupported` for arrays
/// and numbers that a state does not hold; `too_large`; `io`.
[[nodiscard]] State read_command_output(const std::filesystem::path& folder, const CommandLimits& limits,
                                        StageContext& context);

}  // namespace neve
