// Entries large enough to be mapped, segmented and written by two threads: several processes put, get, remove and
// collect them in one folder, and what was mapped stays as it was found, whatever becomes of its files.
// NEVE_STRESS_SECONDS sets for how long.

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <random>
#include <thread>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/cache/disk_cache.hpp>

#include "conformance/sample_entries.hpp"
#include "stress/processes.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

constexpr int kProcesses = 2;
constexpr int kThreads = 2;
constexpr std::uint64_t kKeys = 6;
constexpr std::uint64_t kVersions = 4;
constexpr std::size_t kValues = 600'000;  ///< 4.8 MB
constexpr std::size_t kHeldAtOnce = 3;

DiskCacheOptions options_for(const std::filesystem::path& root) {
  DiskCacheOptions options;
  options.root = root;
  options.budget_bytes = std::uint64_t{16} << 20;  // three of six, so that collections remove what others have mapped
  return options;
}

Key key_of(std::uint64_t number) { return Key("large" + std::to_string(number)); }

/// Those of even keys do not compress and are mapped; the others become segments.
Entry entry_for(std::uint64_t number, std::uint64_t version) {
  const std::uint64_t label = number * 100 + version;
  return number % 2 == 0 ? versioned_entry(label, kValues) : repetitive_entry(label, kValues);
}

class Worker {
 public:
  Worker(const std::filesystem::path& root, int process) : cache_(options_for(root)), process_(process) {
    for (std::uint64_t i = 0; i < kKeys * kVersions; ++i) entries_.push_back(entry_for(i / kVersions, i % kVersions));
  }

  int run(double seconds) {
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back(
            [this, i, seconds] { work(static_cast<std::uint64_t>(process_ * kThreads + i), seconds); });
      }
    }
    if (hits_ == 0) ++wrong_;  // a test in which nothing is ever found tests nothing
    return wrong_;
  }

 private:
  struct Held {
    std::uint64_t number;
    Entry entry;
  };

  void work(std::uint64_t seed, double seconds) {
    std::mt19937_64 random(seed);
    std::deque<Held> held;
    const Stopwatch watch;
    for (int round = 0; round < 20 || watch.seconds() < seconds; ++round) {
      const std::uint64_t number = random() % kKeys;
      const std::uint64_t dice = random() % 100;
      if (dice < 30) {
        StoreOptions options;
        options.compute_s = static_cast<double>(dice);
        cache_.store(key_of(number), entries_[number * kVersions + random() % kVersions], options);
      } else if (dice < 35) {
        cache_.erase(key_of(number));
      } else if (dice < 45) {
        (void)cache_.collect({});
      } else {
        get(number, dice % 2 == 0 ? Placement::mapped : Placement::owned, held);
      }
    }
    for (const Held& item : held) check(item);
  }

  void get(std::uint64_t number, Placement placement, std::deque<Held>& held) {
    LookupOptions options;
    options.placement = placement;
    LookupResult found = cache_.lookup(key_of(number), options);
    if (!found.hit()) return;
    ++hits_;
    held.push_back({number, std::move(found.entry).take()});
    check(held.back());
    if (held.size() <= kHeldAtOnce) return;
    check(held.front());  // again, after whatever the others have done to its files
    held.pop_front();
  }

  void check(const Held& held) {
    const auto label = held.entry.meta.at("version").get<std::uint64_t>();
    const std::uint64_t version = label % 100;
    if (label / 100 == held.number && version < kVersions &&
        same_entry(held.entry, entries_[held.number * kVersions + version])) {
      return;
    }
    std::fprintf(stderr, "wrong entry under %s: %s\n", key_of(held.number).text().c_str(),
                 held.entry.meta.dump().c_str());
    ++wrong_;
  }

  DiskCache cache_;
  int process_;
  std::vector<Entry> entries_;
  std::atomic<int> wrong_{0};
  std::atomic<int> hits_{0};
};

TEST(LargeEntriesStress, WhatIsFoundBelongsToItsKeyAndStaysAsItWasFound) {
  const TemporaryFolder folder;
  const double seconds = stress_seconds();
  Processes processes;
  for (int process = 0; process < kProcesses; ++process) {
    processes.start([&] { return Worker(folder.path(), process).run(seconds); });
  }
  processes.wait();
}

}  // namespace
}  // namespace neve
