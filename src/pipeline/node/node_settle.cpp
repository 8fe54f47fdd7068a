// How a node ends: its result is stored, recorded and handed to those who wait for it, and its report is written.
#include <algorithm>
#include <utility>

#include <neve/key/state_digest.hpp>

#include "pipeline/node/caught.hpp"
#include "pipeline/node/node_run.hpp"

namespace neve {
namespace {

Error named(const std::string& pipeline, const PlannedNode& planned, const Error& error) {
  const std::string point = planned.label.empty() ? "" : " [" + planned.label + "]";
  return Error(error.code(),
               "pipeline '" + pipeline + "', stage '" + planned.node.id + "'" + point + ": " + error.what());
}

}  // namespace

NodeRun::Step NodeRun::take_output(StageOutput output) {
  StoredResult stored{.state = std::move(output.state),
                      .metrics = std::move(output.metrics),
                      .artifacts = output.artifacts,
                      .warnings = std::move(output.warnings),
                      .output_hash = {}};
  keep_small_artifacts(stored.artifacts);
  if (key_.key && !output.kept_out.empty()) have_no_key(std::move(output.kept_out));
  try {
    stored.output_hash = state_digest(stored.state.meta, stored.state.arrays);
  } catch (const Error& error) {
    have_no_key(std::string("the result cannot be hashed: ") + error.what());
  }
  const bool cached = key_.key.has_value();
  if (!former_.empty()) compare_with_former(stored);
  if (cached && may_store_) store(stored);
  if (!cached && lease_) lease_->say_unkept(UnkeptFor::everybody);
  release_slots();
  settle(cached ? StageOutcome::miss : StageOutcome::uncached, std::move(stored), &output.artifacts);
  return Step::settled;
}

void NodeRun::have_no_key(std::string reason) {
  key_ = {.reason = std::move(reason), .uncacheable = true};
  provenance_.cache.key.clear();
}

void NodeRun::compare_with_former(const StoredResult& stored) {
  bool same = false;
  try {
    same = fingerprint(stored) == former_;
  } catch (const Error&) {  // what cannot be written down is not what was
  }
  provenance_.cache.reason = same ? "computed again: the same result" : "computed again: another result";
  if (same) return;
  report_warning(
      "computed again it gave another result than was stored: it is not deterministic, or something has changed that "
      "its key does not cover");
}

void NodeRun::store(const StoredResult& stored) {
  const Stopwatch watch;
  std::optional<UnkeptFor> unkept = UnkeptFor::everybody;
  try {
    StoreOptions options;
    options.recipe = recipe_text(planned_, key_, services_, provenance_);
    options.compute_s = provenance_.compute_s;
    store_under(lease_, options);
    const StoreResult outcome = services_.options.cache->store(*key_.key, encode_stage_entry(stored), options);
    stored_bytes_ = outcome.stored_bytes;
    provenance_.cache.store_s = outcome.store_s > 0 ? outcome.store_s : watch.seconds();
    unkept = unkept_for(outcome);
    if (outcome.stored && planned_.recompute) services_.recomputed.add(provenance_.cache.key);
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
  if (unkept && lease_) lease_->say_unkept(*unkept);
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
  settled_.result = std::move(result);
  finish_report(outcome);
}

NodeRun::Step NodeRun::fail(const Error& error) {
  release_slots();
  lease_.reset();
  Landing landing;
  const bool own_affair = error.code() == ErrorCode::cancelled || error.code() == ErrorCode::timeout;
  if (!own_affair) landing.error = error;
  landing.attempts = provenance_.attempts;
  land(landing);
  settled_.error = named(services_.pipeline, planned_, error);
  settled_.report.reason = error.what();
  finish_report(error.code() == ErrorCode::cancelled ? StageOutcome::cancelled : StageOutcome::failed);
  return Step::settled;
}

void NodeRun::skip(const std::string& needed) {
  settled_.report.reason = "'" + needed + "' did not succeed";
  finish_report(StageOutcome::skipped);
}

void NodeRun::finish_report(StageOutcome outcome) {
  const bool success = settled_.result != nullptr;
  const Provenance& provenance = success ? settled_.result->provenance : provenance_;
  const CacheProvenance& cache = provenance.cache;
  StageReport& report = settled_.report;
  report.node = planned_.node.id;
  report.label = planned_.label;
  report.op_name = planned_.node.stage->op_name();
  report.outcome = outcome;
  if (success) report.reason = cache.reason;
  if (success) report.warnings = settled_.result->warnings;
  report.uncacheable = success && key_.uncacheable;  // else the reason is another
  report.backend = cache.backend;
  report.key = cache.key;
  report.compute_s = provenance.compute_s;
  report.lookup_s = cache.lookup_s;
  report.store_s = cache.store_s;
  report.wall_time_s = success ? provenance.wall_time_s : wall_.seconds();
  if (outcome == StageOutcome::hit) report.saved_s = std::max(0.0, provenance.compute_s - cache.lookup_s);
  report.stored_bytes = stored_bytes_;
  report.attempts = provenance.attempts;
  services_.audience.tell([&](RunObserver& observer) { observer.stage_finished(event(), report); });
}

}  // namespace neve
