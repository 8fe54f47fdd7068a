#include "pipeline/node/settled_node.hpp"

namespace neve {

void SettledNode::keep_only(bool state, KeepArtifacts artifacts) {
  if (result == nullptr || (state && artifacts == KeepArtifacts::all)) return;
  // Runs that waited for this result may hold it, too: then they keep the whole, and this one a copy of what it keeps.
  if (shared) result = std::make_shared<StageResult>(*result);
  if (!state) {
    result->state = {};
    result->state_kept = false;
  }
  if (artifacts == KeepArtifacts::none) result->artifacts = {};
}

}  // namespace neve
