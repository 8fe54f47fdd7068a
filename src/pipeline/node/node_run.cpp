#include "pipeline/node/node_run.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/node/caught.hpp"

namespace neve {
namespace {

std::string reason_text(std::string_view reason, const std::string& detail) {
  return detail.empty() ? std::string(reason) : std::string(reason) + ": " + detail;
}

}  // namespace

NodeRun::NodeRun(RunServices& services, const PlannedNode& planned, std::function<void()> resume)
    : services_(services), planned_(planned), resume_(std::move(resume)) {}

bool NodeRun::advance() {
  Step step = std::exchange(next_, Step::waiting);
  while (step != Step::waiting && step != Step::settled) {
    try {
      step = take(step);
    } catch (...) {  // out of memory, most likely
      step = fail(Error(ErrorCode::internal, caught_text()));
    }
  }
  return step == Step::settled;
}

NodeRun::Step NodeRun::take(Step step) {
  // What others have found or computed is taken all the same, and slots that were given are to be given back.
  const bool begins_something = step != Step::landed && step != Step::admitted;
  if (begins_something && services_.stop().stop_requested())
    return fail(Error(ErrorCode::cancelled, "the run was cancelled"));
  switch (step) {
    case Step::begin:
      return begin();
    case Step::landed:
      return take_landing();
    case Step::look_up:
      return look_up();
    case Step::queue:
      return queue();
    case Step::admitted:
      has_slots_ = true;
      retry_wait_.reset();
      return resume_flight();
    case Step::lease:
      return take_lease();
    case Step::attempt:
      return attempt();
    case Step::settled:
    case Step::waiting:
      break;
  }
  return step;
}

// Whoever returns Step::waiting has set next_ and handed `resume_` over before, and touches nothing afterwards: another
// thread may be inside by then.

NodeRun::Step NodeRun::begin() {
  if (!std::exchange(begun_, true)) wall_.restart();
  provenance_ = {};
  const auto tell = [this](std::uint64_t done, std::uint64_t total) {
    services_.audience.tell([&](RunObserver& observer) { observer.stage_reading(event(), done, total); });
  };
  key_ = make_node_key(planned_, dependencies_, services_, {services_.stop(), tell}, provenance_);
  if (!key_.uncacheable && services_.options.cache == nullptr) key_ = {.reason = "no cache"};
  if (!key_.uncacheable && planned_.node.options.caching == Caching::off)
    key_ = {.reason = "caching is off for this stage"};
  if (!key_.key) return Step::queue;
  provenance_.cache.key = key_.key->text();
  return join_flight();
}

NodeRun::Step NodeRun::look_up() {
  if (waited_.count() > 0) {
    const bool look = waited_ >= look_again_ && has_appeared();
    return look ? find().value_or(Step::lease) : Step::lease;
  }
  return find().value_or(Step::queue);
}

/// The next step if the cache has the result.
std::optional<NodeRun::Step> NodeRun::find() {
  CacheProvenance& cache = provenance_.cache;
  cache.backend = services_.options.cache->name();
  LookupResult found;
  const Stopwatch watch;
  try {
    found = services_.options.cache->lookup(*key_.key, {.placement = services_.options.placement});
  } catch (...) {
    found.reason = MissReason::unavailable;
    found.detail = caught_text();
  }
  if (!found.hit() && found.reason == MissReason::unavailable) {
    services_.warnings.add("the cache could not be read: " + found.detail);
  }
  cache.lookup_s += found.lookup_s > 0 ? found.lookup_s : watch.seconds();
  if (!found.tier.empty()) cache.backend = found.tier;
  if (!found.hit()) {
    const bool absent = found.reason == MissReason::absent || found.reason == MissReason::expired;
    if (!absent) return useless(reason_text(to_string(found.reason), found.detail));
    cache.reason = reason_text(to_string(found.reason), found.detail);
    return std::nullopt;
  }
  try {
    StoredResult stored = decode_stage_entry(std::move(found.entry).take());
    if (!recomputes()) return take_hit(std::move(stored), found);
    former_ = fingerprint(stored);
    return std::nullopt;
  } catch (const Error& error) {
    // What another program or a later neve stored under this key is theirs: it is not replaced.
    may_store_ = error.code() == ErrorCode::corrupt;
    return useless(reason_text(to_string(error.code()), error.what()));
  }
}

/// Something is stored that gives no result: it may stay there, so it is not read again at every look.
std::optional<NodeRun::Step> NodeRun::useless(std::string reason) {
  provenance_.cache.reason = std::move(reason);
  look_again_ = waited_ + kLongestPause;
  return std::nullopt;
}

/// Whether to compute whatever is stored.
bool NodeRun::recomputes() const { return planned_.recompute && !services_.recomputed.contains(provenance_.cache.key); }

std::optional<std::string> NodeRun::wanted_in_full(const std::vector<Artifact>& artifacts) const {
  if (services_.options.recorder == nullptr) return std::nullopt;
  const auto partial = std::find_if(artifacts.begin(), artifacts.end(), [](const Artifact& a) { return a.partial; });
  if (partial == artifacts.end()) return std::nullopt;
  return partial->name;
}

std::optional<NodeRun::Step> NodeRun::take_hit(StoredResult stored, const LookupResult& found) {
  if (const std::optional<std::string> name = wanted_in_full(stored.artifacts)) {
    provenance_.cache.reason = "recording asked for full '" + *name + "'";
    return std::nullopt;
  }
  provenance_.compute_s = found.compute_s;
  provenance_.cache.hit = true;
  provenance_.cache.reason = waited_.count() > 0 ? "another process computed it" : "";
  stored_bytes_ = found.stored_bytes;
  release_slots();
  settle(waited_.count() > 0 ? StageOutcome::shared : StageOutcome::hit, std::move(stored), nullptr);
  return Step::settled;
}

NodeRun::Step NodeRun::queue() {
  services_.audience.tell([&](RunObserver& observer) { observer.stage_queued(event()); });
  next_ = Step::admitted;
  if (services_.scheduler.try_acquire(planned_.requirements.slots)) return Step::admitted;
  suspend_flight();
  services_.scheduler.acquire_then(planned_.requirements.slots, resume_);
  return Step::waiting;
}

void NodeRun::release_slots() {
  if (std::exchange(has_slots_, false)) services_.scheduler.release(planned_.requirements.slots);
}

NodeRun::Step NodeRun::attempt() {
  ++provenance_.attempts;
  services_.audience.tell([&](RunObserver& o) { o.stage_started(event(), provenance_.attempts); });
  const Stopwatch watch;
  try {
    StageOutput output = run_stage();
    provenance_.compute_s = watch.seconds();
    return take_output(std::move(output));
  } catch (const Error& error) {
    provenance_.compute_s = watch.seconds();
    const RetryPolicy& retry = planned_.requirements.retry;
    if (provenance_.attempts < retry.attempts && retry.retries(error.code())) return wait_to_retry();
    return fail(error);
  }
}

StageOutput NodeRun::run_stage() {
  std::vector<State> inputs;
  for (const StageResultPtr& dependency : dependencies_) inputs.push_back(dependency->state);
  if (planned_.takes_run_input) inputs.push_back(*services_.options.input);
  const Attempt attempt{
      .node = planned_.node,
      .folder = planned_.folder,
      .number = static_cast<int>(provenance_.attempts),
      .requirements = planned_.requirements,
      .granted = services_.scheduler.cut(planned_.requirements.slots),
      .inputs = inputs,
      .policy = services_.policy,
      .stop = services_.stop(),
      .timer = planned_.requirements.timeout.count() > 0 ? &services_.timer() : nullptr,
      .on_progress =
          [this](double fraction, std::string_view text) {
            services_.audience.tell([&](RunObserver& observer) { observer.stage_progress(event(), fraction, text); });
          },
      .on_warning = [this](std::string_view text) { report_warning(text); },
      .recording = services_.options.recorder != nullptr};
  return run_attempt(attempt);
}

void NodeRun::report_warning(std::string_view text) {
  services_.warnings.add("stage '" + planned_.node.id + "': " + std::string(text));
}

NodeRun::Step NodeRun::wait_to_retry() {
  release_slots();
  return wait_then(Step::queue, planned_.requirements.retry.wait_before(provenance_.attempts + 1));
}

NodeRun::Step NodeRun::wait_then(Step next, std::chrono::milliseconds delay) {
  next_ = next;
  const std::lock_guard lock(retry_mutex_);
  retry_wait_.reset();
  retry_wait_ = std::make_unique<RetryWait>(services_.timer(), delay, services_.stop(), [this] {
    services_.scheduler.enqueue([this, resume = resume_] {
      { const std::lock_guard ready(retry_mutex_); }  // the wait is set up completely before it ends
      resume();
    });
  });
  return Step::waiting;
}

}  // namespace neve
