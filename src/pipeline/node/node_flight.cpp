// How a node keeps a key from being computed twice: among the threads of this process by flights, which waits for
// nobody and tells everybody; among processes and hosts by leases, which have to be asked for again and again.
#include <algorithm>
#include <utility>

#include "pipeline/node/flight_wait.hpp"
#include "pipeline/node/node_run.hpp"

namespace neve {

NodeRun::Step NodeRun::join_flight() {
  const Flights::Subject subject{services_.options.cache, provenance_.cache.key};
  if (!Flights::of_process().try_lead(subject, this)) return wait_for_flight(subject);
  flight_ = subject;
  return Step::look_up;
}

NodeRun::Step NodeRun::wait_for_flight(const Flights::Subject& subject) {
  next_ = Step::landed;
  Flights& flights = Flights::of_process();
  const auto wait = std::make_shared<FlightWait>(services_.stop(), [this](const Landing& landing) {
    services_.scheduler.enqueue([this, landing, resume = resume_] {
      landing_ = landing;
      resume();
    });
  });
  const auto wake = [wait](const Landing& landing) { wait->wake(landing); };
  if (!flights.lead_or_wait(subject, this, wake)) return Step::waiting;
  if (!wait->disarm()) {  // a stop was faster: this node goes on elsewhere
    static_cast<void>(flights.land(subject, this, {}));
    return Step::waiting;
  }
  flight_ = subject;
  return Step::look_up;
}

/// Before a wait for slots: whoever holds them may need this very result. A retry has its lease by then, and nobody
/// else in this process could have it either.
void NodeRun::suspend_flight() {
  lease_.reset();
  if (flight_) Flights::of_process().suspend(*flight_);
}

/// With slots at last.
NodeRun::Step NodeRun::resume_flight() {
  if (!flight_ || Flights::of_process().resume(*flight_, this)) return Step::lease;
  const Flights::Subject subject = *std::exchange(flight_, std::nullopt);
  if (!Flights::of_process().try_lead(subject, this)) {
    release_slots();
    return wait_for_flight(subject);
  }
  flight_ = subject;
  return has_appeared() ? find().value_or(Step::lease) : Step::lease;
}

NodeRun::Step NodeRun::take_landing() {
  const Landing landing = std::exchange(landing_, std::nullopt).value();
  if (landing.error) {
    // How often to try is each run's own affair.
    const RetryPolicy& retry = planned_.requirements.retry;
    if (landing.attempts >= retry.attempts || !retry.retries(landing.error->code())) return fail(*landing.error);
    return Step::begin;
  }
  if (landing.result == nullptr || wanted_in_full(landing.result->artifacts)) return Step::begin;
  if (landing.hit && recomputes()) return Step::begin;
  const StageResult& result = *landing.result;
  provenance_.compute_s = result.provenance.compute_s;
  provenance_.cache.backend = result.provenance.cache.backend;
  provenance_.cache.hit = true;
  provenance_.cache.reason = landing.hit ? "" : "shared with another thread that computed it";
  settle(landing.hit ? StageOutcome::hit : StageOutcome::shared,
         {.state = result.state,
          .metrics = result.metrics,
          .artifacts = result.artifacts,
          .warnings = result.warnings,
          .output_hash = result.provenance.output_hash.value_or("")},
         nullptr);
  return Step::settled;
}

/// With slots, or after a wait without: who waits for another process must not also wait for a slot to hear from it.
NodeRun::Step NodeRun::take_lease() {
  const Step compute = has_slots_ ? Step::attempt : Step::queue;
  FlightControl* const flight = services_.options.flight;
  if (flight == nullptr || lease_ || !key_.key || !may_store_) return compute;
  if (waited_ >= services_.options.longest_flight_wait || in_vain_) return compute;
  try {
    lease_ = flight->try_acquire(*key_.key);
    if (!lease_) listen_to_holder(*flight);
  } catch (const std::exception& error) {  // a thread that cannot be started, too, is no reason not to compute
    services_.warnings.add(std::string("others may compute the same: ") + error.what());
    return compute;
  }
  if (!lease_ && !in_vain_) return wait_for_others();
  // Whoever had the lease a moment ago stored the result before giving it up, if only where we find it.
  return has_appeared() ? find().value_or(compute) : compute;
}

/// They may have let others know that their result is not kept.
void NodeRun::listen_to_holder(FlightControl& flight) {
  const auto heard = holder_ ? holder_->listen() : LeaseWatch::Heard::gone;
  in_vain_ = heard == LeaseWatch::Heard::unkept;
  if (heard == LeaseWatch::Heard::gone) holder_ = flight.watch(*key_.key);
}

/// Whether the result has come since it was looked up in vain. Cheaper than a lookup, and not another miss in the
/// counts.
bool NodeRun::has_appeared() {
  if (recomputes()) return false;  // what is there is what is to be replaced
  try {
    return services_.options.cache->contains(*key_.key);
  } catch (const std::exception&) {  // told when it was looked up
    return false;
  }
}

NodeRun::Step NodeRun::wait_for_others() {
  using std::chrono::milliseconds;
  if (waited_.count() == 0) {
    services_.audience.tell([&](RunObserver& o) { o.stage_waiting(event()); });
  }
  const milliseconds pause = std::clamp(waited_ / 4, milliseconds(1), kLongestPause);
  waited_ += pause;
  release_slots();
  return wait_then(Step::look_up, pause);
}

void NodeRun::land(const Landing& landing) {
  if (!flight_) return;
  settled_.shared = Flights::of_process().land(*std::exchange(flight_, std::nullopt), this, landing);
}

}  // namespace neve
