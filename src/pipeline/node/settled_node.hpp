#pragma once

#include <memory>
#include <optional>

#include <neve/base/error.hpp>
#include <neve/pipeline/run_options.hpp>
#include <neve/pipeline/run_report.hpp>
#include <neve/pipeline/stage_result.hpp>

namespace neve {

/// What is left of a node once it is settled. Not thread-safe.
struct SettledNode {
  std::shared_ptr<StageResult> result{};  ///< null if there is none
  bool shared = false;                    ///< other runs may hold the result
  StageReport report{};
  std::optional<Error> error{};  ///< of a node that failed or was cancelled

  /// Lets go of what nobody needs any more, now that no stage of this run does.
  void keep_only(bool state, KeepArtifacts artifacts);
};

}  // namespace neve
