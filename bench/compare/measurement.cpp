#include "measurement.hpp"

#include <algorithm>
#include <cstdio>
#include <random>

#include <fmt/core.h>

#include <neve/base/clock.hpp>

namespace neve::bench {

std::optional<double> Case::median_us() const {
  if (samples_us.empty()) return std::nullopt;
  std::vector<double> sorted = samples_us;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

void Group::add(std::string name, std::function<std::optional<double>()> measure) {
  cases_.push_back({std::move(name), std::move(measure), {}});
}

void Group::claim(std::string text, std::string ours, std::string peer, double at_least) {
  claims_.push_back({std::move(text), std::move(ours), std::move(peer), at_least});
}

std::optional<double> Group::median_of(const std::string& name) const {
  const auto found = std::find_if(cases_.begin(), cases_.end(), [&](const Case& c) { return c.name == name; });
  return found == cases_.end() ? std::nullopt : found->median_us();
}

int Group::run() {
  // What ran before leaves its mark on caches and free memory: another order each round, the same ones in each run.
  std::vector<Case*> order;
  for (Case& c : cases_) order.push_back(&c);
  std::mt19937 shuffler;
  for (int round = -1; round < rounds_; ++round) {
    for (Case* c : order) {
      prepare_();
      const std::optional<double> us = c->measure();
      if (us && round >= 0) c->samples_us.push_back(*us);
    }
    std::shuffle(order.begin(), order.end(), shuffler);
  }
  fmt::print("\n{}\n", title_);
  for (const Case& c : cases_) {
    if (const auto us = c.median_us()) {
      const auto [low, high] = std::minmax_element(c.samples_us.begin(), c.samples_us.end());
      fmt::print("  {:<46} {:>12.1f} us   ({:.1f} to {:.1f}, {} rounds)\n", c.name, *us, *low, *high, rounds_);
    } else {
      fmt::print("  {:<46} {:>12}\n", c.name, "absent");
    }
  }
  int short_of = 0;
  for (const Claim& claim : claims_) {
    const auto ours = median_of(claim.ours);
    const auto peer = median_of(claim.peer);
    if (!ours || !peer) {
      fmt::print("  ? {}: not measured, '{}' is absent\n", claim.text, ours ? claim.peer : claim.ours);
      continue;
    }
    const double ratio = *peer / *ours;
    const bool met = ratio >= claim.at_least;
    short_of += met ? 0 : 1;
    fmt::print("  {} {}: {:.2f}x (wanted {:g}x)\n", met ? "+" : "-", claim.text, ratio, claim.at_least);
  }
  std::fflush(stdout);
  return short_of;
}

double time_us(int count, const std::function<void()>& operation) {
  const Stopwatch watch;
  for (int i = 0; i < count; ++i) operation();
  return watch.seconds() * 1e6 / count;
}

}  // namespace neve::bench
