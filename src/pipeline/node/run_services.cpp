#include "pipeline/node/run_services.hpp"

#include <algorithm>

#include <neve/base/error.hpp>
#include <neve/key/digests.hpp>
#include <neve/key/key_recipe.hpp>

namespace neve {
namespace {

template <class Make>
MaybeDigest try_digest(const Make& make) {
  try {
    return {.digest = make()};
  } catch (const Error& error) {
    return {.problem = error.what()};
  }
}

bool anybody_takes_input(const Plan& plan) {
  return std::any_of(plan.nodes.begin(), plan.nodes.end(),
                     [](const PlannedNode& node) { return node.takes_run_input; });
}

MaybeDigest input_state_digest(const Plan& plan, const RunOptions& options) {
  if (!anybody_takes_input(plan)) return {};
  return try_digest([&] { return state_digest(options.input->meta, options.input->arrays); });
}

}  // namespace

void Warnings::add(const std::string& text) {
  const std::lock_guard lock(mutex_);
  ++counts_[text];
}

std::vector<std::string> Warnings::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> texts;
  for (const auto& [text, count] : counts_) {
    texts.push_back(count == 1 ? text : text + " (" + std::to_string(count) + " times)");
  }
  return texts;
}

RunServices::RunServices(const Plan& plan, const RunOptions& run_options)
    : pipeline(plan.pipeline),
      options(run_options),
      policy(run_options.policy.empty() ? Json(nullptr) : run_options.policy),
      scheduler(run_options.capacity, plan.nodes.size()),
      audience(run_options.observer),
      state_hash(input_state_digest(plan, run_options)),
      no_input_hash(combined_input_hash({}, {})),
      outer_stop_(run_options.stop, [this] { stop_.request_stop(); }) {
  if (run_options.input && !anybody_takes_input(plan))
    warnings.add("the run's input is taken by no stage: each needs another or takes no input");
  if (!policy.is_null()) policy_hash = try_digest([&] { return policy_digest(policy); });
}

Timer& RunServices::timer() {
  if (options.timer != nullptr) return *options.timer;
  std::call_once(timer_made_, [this] { own_timer_ = make_timer(); });
  return *own_timer_;
}

}  // namespace neve
