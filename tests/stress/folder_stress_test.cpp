// Several processes with several threads each put, get, remove and clean in one folder, together with a writer that
// does as phys-pipeline does: json, then npz, in place. Whatever is found must be what belongs to the key. Runs for a
// few seconds; NEVE_STRESS_SECONDS sets how long.

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/cache/disk_cache.hpp>

#include "conformance/sample_entries.hpp"
#include "stress/processes.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

constexpr int kProcesses = 3;
constexpr int kThreads = 2;
constexpr std::uint64_t kOwnKeys = 40;
constexpr std::uint64_t kSharedKeys = 8;  ///< that the in-place writer writes too

DiskCacheOptions options_for(const std::filesystem::path& root) {
  DiskCacheOptions options;
  options.root = root;
  options.budget_files = 60;
  options.budget_bytes = 2 << 20;
  return options;
}

/// Shared keys are digests as phys-pipeline's all are: unsealed files under other names may be anybody's, and no budget
/// counts or removes them.
std::string key_text(std::uint64_t number) {
  if (number < kSharedKeys) return std::string(63, 'f') + std::to_string(number);
  if (number % 3 == 0)
    return std::string(64, "0123456789abcdef"[number % 16]).replace(0, 2, std::to_string(10 + number));
  return (number % 3 == 1 ? "short" : std::string(90, 'l')) + std::to_string(number);
}

/// Entries of different versions under one key differ in everything; those of shared keys have one version only, as
/// deterministic results do.
Entry entry_for(std::uint64_t number, std::uint64_t version) {
  const std::size_t values = 10 + (number * 37 + version * 101) % 4000;
  return versioned_entry(number * 1'000'000 + (number < kSharedKeys ? 0 : version),
                         number < kSharedKeys ? 500 : values);
}

bool belongs(const Entry& entry, std::uint64_t number) {
  const auto version = entry.meta.at("version").get<std::uint64_t>();
  return version / 1'000'000 == number && same_entry(entry, entry_for(number, version % 1'000'000));
}

/// One process's work; the number of wrong entries it saw.
class Worker {
 public:
  Worker(const std::filesystem::path& root, int process) : cache_(options_for(root)), process_(process) {}

  int run(double seconds) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, i, seconds] { work(static_cast<std::uint64_t>(process_ * kThreads + i), seconds); });
    }
    threads.clear();
    if (hits_ == 0) ++wrong_;  // a test in which nothing is ever found tests nothing
    return wrong_;
  }

 private:
  void work(std::uint64_t seed, double seconds) {
    std::mt19937_64 random(seed);
    const Stopwatch watch;
    for (int round = 0; round % 64 != 0 || watch.seconds() < seconds; ++round) {
      const std::uint64_t number = random() % kOwnKeys;
      const Key key(key_text(number));
      const std::uint64_t dice = random() % 100;
      if (dice < 30) {
        put(key, number, random() % 1000);
      } else if (dice < 34) {
        cache_.erase(key);
      } else if (dice < 36) {
        CollectOptions slice;
        slice.slice = 20;
        (void)cache_.collect(slice);
      } else {
        get(key, number);
      }
    }
  }

  void put(const Key& key, std::uint64_t number, std::uint64_t version) {
    StoreOptions options;
    options.compute_s = static_cast<double>(version) / 100;
    if (version % 10 == 0) options.expires_at = Clock::system().now() + std::chrono::milliseconds(version);
    cache_.store(key, entry_for(number, version), options);
  }

  void get(const Key& key, std::uint64_t number) {
    const LookupResult found = cache_.lookup(key, {});
    if (!found.hit()) return;
    ++hits_;
    if (belongs(*found.entry, number)) return;
    std::fprintf(stderr, "wrong entry under %s: %s\n", key.text().c_str(), found.entry->meta.dump().c_str());
    ++wrong_;
  }

  DiskCache cache_;
  int process_;
  std::atomic<int> wrong_{0};
  std::atomic<int> hits_{0};
};

/// Writes shared entries in place and unsealed, a piece at a time.
class InPlaceWriter {
 public:
  explicit InPlaceWriter(const std::filesystem::path& root) : root_(root) {}

  void run(double seconds) {
    std::mt19937_64 random(99);
    const Stopwatch watch;
    while (watch.seconds() < seconds) write(random() % kSharedKeys);
  }

 private:
  void write(std::uint64_t number) {
    const Entry entry = entry_for(number, 0);
    std::string npz;
    for (const Bytes& piece : gather_npz(entry.arrays, {})) npz += piece.text();
    write_in_place(key_text(number) + ".json", encode_entry_json(entry));
    write_in_place(key_text(number) + ".npz", npz);
  }

  void write_in_place(const std::string& name, const std::string& content) {
    std::ofstream out(root_ / name, std::ios::binary | std::ios::trunc);
    for (std::size_t at = 0; at < content.size(); at += 700) {
      out << content.substr(at, 700) << std::flush;
    }
  }

  std::filesystem::path root_;
};

TEST(FolderStress, ProcessesAndThreadsNeverSeeAWrongEntry) {
  const TemporaryFolder folder;
  const std::filesystem::path root = folder.path() / "cache";
  const double seconds = stress_seconds();
  std::filesystem::create_directories(root);
  Processes processes;
  for (int process = 0; process < kProcesses; ++process) {
    processes.start([&] { return Worker(root, process).run(seconds); });
  }
  processes.start([&] {
    InPlaceWriter(root).run(seconds);
    return 0;
  });
  processes.wait();
  DiskCache cache(options_for(root));
  while (!cache.collect({}).complete) {
  }
  EXPECT_LE(cache.usage().entries, 30U);
  EXPECT_EQ(cache.doctor().stale_temporaries, 0U);
  for (std::uint64_t number = 0; number < kOwnKeys; ++number) {
    const LookupResult found = cache.lookup(Key(key_text(number)), {});
    EXPECT_TRUE(!found.hit() || belongs(*found.entry, number));
  }
}

}  // namespace
}  // namespace neve
