// Kills a process that stores, removes or collects at the entry of each of its system calls that change anything on the
// disk, one after the other, and looks at what the next process finds. Between two such calls nothing changes that
// another process could see.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "crash/crash_scene.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

constexpr std::array kSystemCalls{"openat", "mkdirat",   "pwrite64",  "write", "renameat", "renameat2", "unlinkat",
                                  "linkat", "fallocate", "ftruncate", "flock", "fsync",    "fdatasync"};

enum class Ending { killed, completed };

/// Runs the driver, which is killed on entering its `nth` call of `system_call`, if it makes so many.
Ending run_and_kill(const char* mode, const std::filesystem::path& root, const std::string& system_call, int nth) {
  const std::string driver = std::filesystem::read_symlink("/proc/self/exe").replace_filename("crash_driver");
  const std::string trace = "trace=" + system_call;
  const std::string inject = "inject=" + system_call + ":signal=KILL:when=" + std::to_string(nth);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // the leak checker cannot work while traced
    ::execlp(NEVE_STRACE, "strace", "-f", "-qq", "-o", "/dev/null", "-e", trace.c_str(), "-e", inject.c_str(),
             driver.c_str(), mode, root.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return Ending::killed;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status << " of " << inject;
  return Ending::completed;
}

class Crash : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path root() const { return folder_.path() / "cache"; }

  /// Puts the folder into the state before the driver runs.
  void prepare(const std::filesystem::path& scene) {
    std::filesystem::remove_all(root());
    std::filesystem::copy(scene, root(), std::filesystem::copy_options::recursive);
  }

  [[nodiscard]] std::set<std::string> visible_files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(root())) names.insert(entry.path().filename());
    names.erase(".neve");
    return names;
  }

  /// Collects as if a while had passed since; afterwards there are only whole entries, and nothing is left over.
  void expect_collectable(DiskCache& cache) {
    for (const auto& file : std::filesystem::directory_iterator(root())) {
      if (file.is_regular_file()) last_write_time(file, file.last_write_time() - std::chrono::minutes(1));
    }
    while (!cache.collect({}).complete) {
    }
    EXPECT_EQ(cache.doctor().stale_temporaries, 0U);
    for (const std::string& name : visible_files()) {
      const std::filesystem::path file(name);
      EXPECT_TRUE(std::filesystem::exists(root() / (file.stem().string() + ".json"))) << name;
      EXPECT_TRUE(std::filesystem::exists(root() / (file.stem().string() + ".npz"))) << name;
    }
  }

  template <class Check>
  void kill_at_every_call(const char* mode, const std::filesystem::path& scene, Check check) {
    int kills = 0;
    for (const char* system_call : kSystemCalls) {
      for (int nth = 1;; ++nth) {
        SCOPED_TRACE(std::string(system_call) + " number " + std::to_string(nth));
        prepare(scene);
        const Ending ending = run_and_kill(mode, root(), system_call, nth);
        check(ending);
        if (ending == Ending::completed) break;
        ++kills;
        ASSERT_LT(nth, 500) << "the driver never completes";
        if (HasFailure()) return;
      }
    }
    EXPECT_GT(kills, 20) << "the injection did not work";
  }

  TemporaryFolder folder_;
};

/// Which version of the entry a lookup finds: 0 for a miss.
std::uint64_t version_of(DiskCache& cache, const char* key) {
  const LookupResult found = cache.lookup(Key(key), {});
  if (!found.hit()) return 0;
  const auto version = found.entry->meta.at("version").get<std::uint64_t>();
  const std::size_t values = found.entry->arrays.at("data").size();
  const bool repetitive = std::string_view(key) == kSegmented;
  EXPECT_TRUE(
      same_entry(*found.entry, repetitive ? repetitive_entry(version, values) : versioned_entry(version, values)));
  return version;
}

TEST_F(Crash, StoreKilledAnywhereLeavesOldNewOrAMiss) {
  const std::filesystem::path scene = folder_.path() / "scene";
  {
    DiskCache cache(crash_options(scene));
    for (const char* key : {kReplaced, kErased, kBystander}) cache.store(Key(key), versioned_entry(kOldVersion), {});
  }
  kill_at_every_call("put", scene, [&](Ending ending) {
    DiskCache cache(crash_options(root()));
    const std::uint64_t replaced = version_of(cache, kReplaced);
    const std::uint64_t fresh = version_of(cache, kFresh);
    EXPECT_EQ(version_of(cache, kBystander), kOldVersion);
    EXPECT_NE(fresh, kOldVersion);
    const std::uint64_t segmented = version_of(cache, kSegmented);
    EXPECT_NE(segmented, kOldVersion);
    if (ending == Ending::completed) {
      EXPECT_EQ(replaced, kNewVersion);
      EXPECT_EQ(fresh, kNewVersion);
      EXPECT_EQ(segmented, kNewVersion);
      EXPECT_EQ(version_of(cache, kErased), 0U);
    }
    expect_collectable(cache);
    EXPECT_TRUE(cache.store(Key(kReplaced), versioned_entry(3), {}).stored);
    EXPECT_EQ(version_of(cache, kReplaced), 3U);
  });
}

TEST_F(Crash, CollectionKilledAnywhereLeavesWholeEntriesAndCanBeRepeated) {
  const std::filesystem::path scene = folder_.path() / "scene";
  {
    DiskCache cache(crash_options(scene));
    for (std::uint64_t i = 1; i <= 6; ++i) {
      StoreOptions options;
      options.compute_s = static_cast<double>(i);
      if (i == 6) options.expires_at = TimePoint(std::chrono::seconds(1));
      cache.store(Key("k" + std::to_string(i)), versioned_entry(i), options);
    }
  }
  std::ofstream(scene / ".neve/tmp/0123456789abcdef-1.npz") << "left by a process long dead";
  kill_at_every_call("gc", scene, [&](Ending ending) {
    DiskCache cache(crash_options(root()));
    for (std::uint64_t i = 3; i <= 5; ++i) {
      EXPECT_EQ(version_of(cache, ("k" + std::to_string(i)).c_str()), i) << "a valuable entry was lost";
    }
    if (ending == Ending::completed) {
      EXPECT_EQ(visible_files().size(), 6U);
    }
    expect_collectable(cache);
    CollectOptions options;
    options.budget_files = 6;
    while (!cache.collect(options).complete) {
    }
    EXPECT_EQ(visible_files().size(), 6U);
  });
}

}  // namespace
}  // namespace neve
