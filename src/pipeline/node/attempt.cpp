#include "pipeline/node/attempt.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

#include <oneapi/tbb/task_arena.h>

namespace neve {
namespace {

/// Stops one attempt, and remembers who did.
class AttemptStop {
 public:
  explicit AttemptStop(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  void request(ErrorCode cause) {
    ErrorCode none = ErrorCode::internal;
    cause_.compare_exchange_strong(none, cause);
    source_.request_stop();
  }
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] bool requested() const { return source_.stop_requested(); }
  [[nodiscard]] Error error() const {
    if (cause_ == ErrorCode::timeout) {
      return Error(ErrorCode::timeout, "stopped at its timeout of " + std::to_string(timeout_.count()) + " ms");
    }
    return Error(ErrorCode::cancelled, "the run was cancelled");
  }

 private:
  std::stop_source source_;
  std::chrono::milliseconds timeout_;
  std::atomic<ErrorCode> cause_ = ErrorCode::internal;
};

/// Null stands for "none"; anything else but an object has no members that could be named.
void require_object(Json& meta) {
  if (meta.is_null()) meta = Json::object();
  if (meta.is_object()) return;
  throw Error(ErrorCode::stage_failed,
              std::string("the metadata of the state must be an object, not ") + meta.type_name());
}

StageOutput call_stage(const Attempt& attempt, const AttemptStop& stop) {
  StageContextOptions options{.node = attempt.node.id,
                              .folder = attempt.folder,
                              .attempt = attempt.number,
                              .policy = attempt.policy,
                              .stop = stop.token(),
                              .stop_cause = [&stop] { return stop.error(); },
                              .on_progress = attempt.on_progress,
                              .on_warning = attempt.on_warning,
                              .slots = attempt.granted,
                              .recording = attempt.recording};
  for (const Need& need : attempt.node.needs) options.inputs.push_back(need.name);
  if (options.inputs.empty() && !attempt.inputs.empty()) options.inputs.emplace_back("input");
  StageContext context(std::move(options));
  StageOutput output;
  // Isolated: parallel loops inside the stage must not pick up other nodes of the run while they wait.
  tbb::this_task_arena::isolate([&] { output.state = attempt.node.stage->run(attempt.inputs, context); });
  require_object(output.state.meta);
  output.metrics = context.metrics();
  output.artifacts = context.artifacts();
  output.warnings = context.warnings();
  output.kept_out = context.kept_out();
  return output;
}

}  // namespace

StageOutput run_attempt(const Attempt& attempt) {
  const auto stop = std::make_shared<AttemptStop>(attempt.requirements.timeout);
  const std::stop_callback link(attempt.stop, [&stop] { stop->request(ErrorCode::cancelled); });
  std::unique_ptr<Timer::Ticket> deadline;
  constexpr std::chrono::hours kForEver(24 * 365 * 30);  // what a clock can still add to the present
  if (attempt.requirements.timeout.count() > 0 && attempt.requirements.timeout < kForEver) {
    deadline = attempt.timer->call_after(attempt.requirements.timeout, [stop] { stop->request(ErrorCode::timeout); });
  }
  std::optional<Error> failure;
  StageOutput output;
  try {
    output = call_stage(attempt, *stop);
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure = Error(ErrorCode::stage_failed, error.what());
  } catch (...) {
    failure = Error(ErrorCode::stage_failed, "it threw something that is not an exception");
  }
  deadline.reset();
  if (stop->requested()) throw stop->error();
  if (failure) throw *failure;
  return output;
}

}  // namespace neve
