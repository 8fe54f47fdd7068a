#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace neve::bench {

/// One thing that is timed: returns microseconds per operation, or nothing when it cannot be measured here (a peer that
/// is not installed). Called once per round.
struct Case {
  std::string name;
  std::function<std::optional<double>()> measure;
  std::vector<double> samples_us;

  /// Median of the samples; absent when there are none.
  [[nodiscard]] std::optional<double> median_us() const;
};

/// A claim about two cases: `ours` takes at most `peer / at_least`.
struct Claim {
  std::string text;
  std::string ours;
  std::string peer;
  double at_least;
};

/// Cases that are timed in turn, round after round (A B C A B C ...), so that their ratios survive a machine that
/// drifts. Not thread-safe.
class Group {
 public:
  Group(std::string title, int rounds) : title_(std::move(title)), rounds_(rounds) {}

  void add(std::string name, std::function<std::optional<double>()> measure);
  /// What is done before each case of each round, untimed, so that they all begin alike.
  void before_each(std::function<void()> prepare) { prepare_ = std::move(prepare); }
  void claim(std::string text, std::string ours, std::string peer, double at_least);

  /// Runs one unrecorded round and then the recorded ones, and prints times and claims. Returns how many claims fell
  /// short.
  int run();

 private:
  [[nodiscard]] std::optional<double> median_of(const std::string& name) const;

  std::string title_;
  int rounds_;
  std::function<void()> prepare_ = [] {};
  std::vector<Case> cases_;
  std::vector<Claim> claims_;
};

/// Microseconds per call of `operation`, called `count` times in a row.
[[nodiscard]] double time_us(int count, const std::function<void()>& operation);

}  // namespace neve::bench
