// Several runs in one process want the same keys while stages fail, are tried again, time out and are computed again,
// and runs are cancelled. Whatever comes of a run is what its settings say, and what nobody disturbs succeeds. Runs for
// a few seconds; NEVE_STRESS_SECONDS sets how long.

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <neve/base/clock.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/open_flight.hpp>
#include <neve/neve.hpp>

#include "stress/processes.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kThreads = 4;

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  [[nodiscard]] int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  [[nodiscard]] bool one_in(int count) { return below(count) == 0; }

 private:
  std::mt19937 random_;
};

struct Number {
  double value = 0;
  static auto state_fields() { return std::tuple{state_field("value", &Number::value)}; }
};

/// `trouble`: how many attempts in ten fail; it is in the key, so that who waits for such a stage has asked for it.
struct Term {
  int value = 0;
  int trouble = 0;
  static auto fields() {
    return neve::fields<Term>(neve::field("value", &Term::value), neve::field("trouble", &Term::trouble));
  }
};

void meet_trouble(const Term& term, const StageContext& context) {
  thread_local Dice dice(std::random_device{}());
  if (dice.one_in(4)) std::this_thread::sleep_for(std::chrono::microseconds(dice.below(2000)));
  if (dice.below(10) >= term.trouble) return;
  if (dice.one_in(2)) throw std::runtime_error("trouble");
  for (int i = 0; i < 20; ++i) {  // longer than the time that the stage is given
    std::this_thread::sleep_for(1ms);
    context.checkpoint();
  }
}

StagePtr source(const Term& term) {
  return make_stage("stress.source", "1", term, [](const Term& own, StageContext& context) {
    meet_trouble(own, context);
    return Number{static_cast<double>(own.value)};
  });
}

StagePtr sum(const Term& term) {
  return make_stage("stress.sum", "1", term,
                    [](const Term& own, const Number& a, const Number& b, StageContext& context) {
                      meet_trouble(own, context);
                      return Number{a.value + b.value + own.value};
                    });
}

/// a and b, their sum c, and the sum d of b and c.
struct Diamond {
  explicit Diamond(Dice& dice) {
    for (Term& term : terms) term = {dice.below(2), dice.one_in(6) ? 5 : 0};
    calm = std::none_of(terms.begin(), terms.end(), [](const Term& term) { return term.trouble > 0; });
    graph.add("a", source(terms[0]), {}, options(dice, 0)).add("b", source(terms[1]), {}, options(dice, 1));
    graph.add("c", sum(terms[2]), {"a", "b"}, options(dice, 2)).add("d", sum(terms[3]), {"b", "c"}, options(dice, 3));
  }

  [[nodiscard]] NodeOptions options(Dice& dice, std::size_t node) const {
    NodeOptions options;
    if (terms.at(node).trouble > 0) options.timeout = 5ms;
    options.retry = RetryPolicy{.attempts = 1U + static_cast<unsigned>(dice.below(3)), .backoff = 1ms};
    if (dice.one_in(8)) options.caching = Caching::off;
    return options;
  }

  [[nodiscard]] double value_of(const std::string& node, int a) const {
    if (node == "a") return a;
    if (node == "b") return terms[1].value;
    if (node == "c") return value_of("a", a) + value_of("b", a) + terms[2].value;
    return value_of("b", a) + value_of("c", a) + terms[3].value;
  }

  /// What is wrong with the result of a run in which the first stage was set to `a`.
  [[nodiscard]] std::string fault_of(const RunResult& result, int a, bool undisturbed) const {
    if (undisturbed && calm && !result.ok()) return "failed: " + result.failures.front().message;
    for (const auto& [node, stage] : result.stages) {
      if (!stage->state_kept) continue;
      if (stage->state.meta.at("value") != value_of(node, a)) return "another value of " + node;
    }
    return {};
  }

  std::array<Term, 4> terms{};
  bool calm = true;
  Graph graph{"diamond"};
};

/// One thread's runs.
class Runs {
 public:
  Runs(CacheBackend& cache, FlightControl& flight, unsigned seed) : cache_(cache), flight_(flight), dice_(seed) {}

  void go_on_for(double seconds) {
    const Stopwatch watch;
    while (watch.seconds() < seconds) one();
  }

 private:
  void one() {
    const Diamond diamond(dice_);
    std::stop_source stop;
    RunOptions options{.cache = &cache_, .stop = stop.get_token()};
    if (dice_.one_in(2)) options.flight = &flight_;
    options.capacity.cpu = 1U + static_cast<unsigned>(dice_.below(3));
    options.on_failure = dice_.one_in(2) ? OnFailure::cancel_others : OnFailure::finish_others;
    options.keep = dice_.one_in(3) ? KeepStates::output : KeepStates::all;
    if (dice_.one_in(3)) options.recompute = {std::string(1, static_cast<char>('a' + dice_.below(4)))};
    std::jthread stopper;
    const bool undisturbed = !dice_.one_in(4);
    if (!undisturbed) {
      stopper = std::jthread([&stop, wait = std::chrono::microseconds(dice_.below(4000))] {
        std::this_thread::sleep_for(wait);
        stop.request_stop();
      });
    }
    if (dice_.one_in(3)) {
      const auto check = [&](const SweepRun& run) {
        expect_right(diamond, run.result, run.point.settings.front().second.get<int>(), undisturbed);
      };
      static_cast<void>(run_sweep(diamond.graph, Sweep().over("a.value", {0, 1, 2}), options, check));
    } else {
      expect_right(diamond, try_run(diamond.graph, options), diamond.terms[0].value, undisturbed);
    }
  }

  static void expect_right(const Diamond& diamond, const RunResult& result, int a, bool undisturbed) {
    EXPECT_EQ(diamond.fault_of(result, a, undisturbed), "");
  }

  CacheBackend& cache_;
  FlightControl& flight_;
  Dice dice_;
};

TEST(RunsStress, WhatComesOfARunIsWhatItsSettingsSay) {
  const double seconds = stress_seconds();
  const TemporaryFolder folder;
  const std::string url = "memory:1MB,disk:" + folder.path().string() + "?writes=background";
  const auto cache = open_cache(url);
  const auto flight = open_flight(url, *cache, FlightReach::local);
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < kThreads; ++i)
    threads.emplace_back([&cache, &flight, i, seconds] { Runs(*cache, *flight, i).go_on_for(seconds); });
}

}  // namespace
}  // namespace neve
