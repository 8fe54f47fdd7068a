#include "pipeline/node_run.hpp"

#include <algorithm>
#include <utility>

#include <neve/key/state_digest.hpp>

#include "pipeline/caught.hpp"

namespace neve {
namespace {

std::string reason_text(std::string_view reason, const std::string& detail) {
  return detail.empty() ? std::string(reason) : std::string(reason) + ": " + detail;
}

StageEvent event_of(const PlannedNode& planned) { return {planned.node.id, planned.label}; }

Error named(const std::string& pipeline, const PlannedNode& planned, const Error& error) {
  const std::string point = planned.label.empty() ? "" : " [" + planned.label + "]";
  return Error(error.code(),
               "pipeline '" + pipeline + "', stage '" + planned.node.id + "'" + point + ": " + error.what());
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
  if (services_.stop().stop_requested()) return fail(Error(ErrorCode::cancelled, "the run was cancelled"));
  if (!std::exchange(begun_, true)) wall_.restart();
  provenance_ = {};
  key_ = make_node_key(planned_, dependencies_, services_, provenance_);
  if (!key_.uncacheable && services_.options.cache == nullptr) key_ = {.reason = "no cache"};
  if (!key_.uncacheable && planned_.node.options.caching == Caching::off)
    key_ = {.reason = "caching is off for this stage"};
  if (!key_.key) return Step::queue;
  provenance_.cache.key = key_.key->text();
  return join_flight();
}

NodeRun::Step NodeRun::look_up() {
  if (services_.stop().stop_requested()) return fail(Error(ErrorCode::cancelled, "the run was cancelled"));
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
    return take_hit(decode_stage_entry(std::exchange(found.entry, {}).take()), found);
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
  if (services_.stop().stop_requested()) return fail(Error(ErrorCode::cancelled, "the run was cancelled"));
  services_.audience.tell([&](RunObserver& observer) { observer.stage_queued(event_of(planned_)); });
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
  if (services_.stop().stop_requested()) return fail(Error(ErrorCode::cancelled, "the run was cancelled"));
  ++provenance_.attempts;
  services_.audience.tell([&](RunObserver& o) { o.stage_started(event_of(planned_), provenance_.attempts); });
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
  const Attempt attempt{.node = planned_.node,
                        .folder = planned_.folder,
                        .number = static_cast<int>(provenance_.attempts),
                        .requirements = planned_.requirements,
                        .inputs = inputs,
                        .policy = services_.policy,
                        .stop = services_.stop(),
                        .timer = planned_.requirements.timeout.count() > 0 ? &services_.timer() : nullptr,
                        .on_progress =
                            [this](double fraction, std::string_view text) {
                              services_.audience.tell([&](RunObserver& observer) {
                                observer.stage_progress(event_of(planned_), fraction, text);
                              });
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
    services_.scheduler.enqueue([this] {
      { const std::lock_guard ready(retry_mutex_); }  // the wait is set up completely before it ends
      resume_();
    });
  });
  return Step::waiting;
}

NodeRun::Step NodeRun::take_output(StageOutput output) {
  StoredResult stored{.state = std::move(output.state),
                      .metrics = std::move(output.metrics),
                      .artifacts = output.artifacts,
                      .warnings = std::move(output.warnings),
                      .output_hash = {}};
  keep_small_artifacts(stored.artifacts);
  try {
    stored.output_hash = state_digest(stored.state.meta, stored.state.arrays);
  } catch (const Error& error) {
    key_ = {.reason = std::string("the result cannot be hashed: ") + error.what(), .uncacheable = true};
    provenance_.cache.key.clear();
  }
  const bool cached = key_.key.has_value();
  if (cached && may_store_) store(stored);
  release_slots();
  settle(cached ? StageOutcome::miss : StageOutcome::uncached, std::move(stored), &output.artifacts);
  return Step::settled;
}

void NodeRun::store(const StoredResult& stored) {
  const Stopwatch watch;
  try {
    StoreOptions options;
    options.recipe = recipe_text(planned_, key_, services_, provenance_);
    options.compute_s = provenance_.compute_s;
    if (lease_) options.lease_token = lease_->token();  // whether it still counts, the cache knows
    const StoreResult outcome = services_.options.cache->store(*key_.key, encode_stage_entry(stored), options);
    stored_bytes_ = outcome.stored_bytes;
    provenance_.cache.store_s = outcome.store_s > 0 ? outcome.store_s : watch.seconds();
    if (!outcome.stored) services_.warnings.add("a result was not stored: " + outcome.declined);
  } catch (const Error& error) {
    provenance_.cache.store_s = watch.seconds();
    // What lies in the result is said of its stage; what ails the cache once, however many stages meet it.
    const bool own = error.code() == ErrorCode::invalid_argument || error.code() == ErrorCode::too_large;
    services_.warnings.add((own ? "the result of '" + planned_.node.id + "' cannot be stored: "
                                : std::string("the cache could not be written: ")) +
                           error.what());
  } catch (...) {
    provenance_.cache.store_s = watch.seconds();
    services_.warnings.add("the cache could not be written: " + caught_text());
  }
}

void NodeRun::record(const std::vector<Artifact>& whole, std::vector<Artifact>& kept) {
  for (std::size_t i = 0; i < whole.size(); ++i) {
    try {
      kept[i].reference = services_.options.recorder->record({planned_.folder, planned_.node.id}, whole[i]);
    } catch (...) {
      services_.warnings.add("artifact '" + planned_.node.id + "/" + whole[i].name +
                             "' was not written: " + caught_text());
    }
  }
}

void NodeRun::settle(StageOutcome outcome, StoredResult stored, const std::vector<Artifact>* whole) {
  lease_.reset();
  if (!stored.output_hash.empty()) provenance_.output_hash = std::move(stored.output_hash);
  provenance_.wall_time_s = wall_.seconds();
  if (outcome == StageOutcome::uncached) provenance_.cache.reason = key_.reason;
  const bool computed_here = whole != nullptr;  // and heard its warnings as they came
  if (!computed_here)
    std::for_each(stored.warnings.begin(), stored.warnings.end(),
                  [this](const std::string& text) { report_warning(text); });
  auto result = std::make_shared<StageResult>(StageResult{.state = std::move(stored.state),
                                                          .metrics = std::move(stored.metrics),
                                                          .artifacts = std::move(stored.artifacts),
                                                          .warnings = std::move(stored.warnings),
                                                          .provenance = std::move(provenance_)});
  if (services_.options.recorder == nullptr) {
    land({.result = result, .error = {}, .hit = outcome == StageOutcome::hit});
  } else {
    // Those who waited record for themselves, in their own folders: they get the result without our references.
    land({.result = std::make_shared<StageResult>(*result), .error = {}, .hit = outcome == StageOutcome::hit});
    const std::vector<Artifact> all = whole != nullptr ? *whole : result->artifacts;
    record(all, result->artifacts);
  }
  result_ = std::move(result);
  finish_report(outcome);
}

NodeRun::Step NodeRun::fail(const Error& error) {
  release_slots();
  lease_.reset();
  Landing landing;
  const bool own_affair = error.code() == ErrorCode::cancelled || error.code() == ErrorCode::timeout;
  if (!own_affair) landing.error = error;
  land(landing);
  error_ = named(services_.pipeline, planned_, error);
  report_.reason = error.what();
  finish_report(error.code() == ErrorCode::cancelled ? StageOutcome::cancelled : StageOutcome::failed);
  return Step::settled;
}

void NodeRun::skip(const std::string& needed) {
  report_.reason = "'" + needed + "' did not succeed";
  finish_report(StageOutcome::skipped);
}

void NodeRun::finish_report(StageOutcome outcome) {
  const bool success = result_ != nullptr;
  const Provenance& provenance = success ? result_->provenance : provenance_;
  const CacheProvenance& cache = provenance.cache;
  report_.node = planned_.node.id;
  report_.label = planned_.label;
  report_.op_name = planned_.node.stage->op_name();
  report_.outcome = outcome;
  if (success) report_.reason = cache.reason;
  if (success) report_.warnings = result_->warnings;
  report_.uncacheable = key_.uncacheable;
  report_.backend = cache.backend;
  report_.key = cache.key;
  report_.compute_s = provenance.compute_s;
  report_.lookup_s = cache.lookup_s;
  report_.store_s = cache.store_s;
  report_.wall_time_s = success ? provenance.wall_time_s : wall_.seconds();
  if (outcome == StageOutcome::hit) report_.saved_s = std::max(0.0, provenance.compute_s - cache.lookup_s);
  report_.stored_bytes = stored_bytes_;
  report_.attempts = provenance.attempts;
  services_.audience.tell([&](RunObserver& observer) { observer.stage_finished(event_of(planned_), report_); });
}

void NodeRun::drop_state() {
  if (result_ == nullptr || planned_.keeps_state) return;
  // Runs that waited for this result may hold it, too: then they keep the whole, and this one a copy without the state.
  if (shared_) {
    result_ = std::make_shared<StageResult>(StageResult{.state = {},
                                                        .state_kept = false,
                                                        .metrics = result_->metrics,
                                                        .artifacts = result_->artifacts,
                                                        .warnings = result_->warnings,
                                                        .provenance = result_->provenance});
  }
  result_->state = {};
  result_->state_kept = false;
}

}  // namespace neve
