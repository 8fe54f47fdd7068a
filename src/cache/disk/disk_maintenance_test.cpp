#include <gmock/gmock.h>

#include "cache/disk/disk_cache_fixture.hpp"
#include "support/child_process.hpp"

namespace neve {
namespace {

class DiskMaintenance : public DiskCacheInFolder {
 protected:
  [[nodiscard]] std::multiset<std::string> walked(std::size_t batch) {
    std::multiset<std::string> keys;
    KeyWalk walk = cache().walk();
    for (std::vector<Key> some = walk.next(batch); !some.empty(); some = walk.next(batch)) {
      EXPECT_LE(some.size(), batch);
      for (const Key& key : some) keys.insert(key.text());
    }
    return keys;
  }
};

TEST_F(DiskMaintenance, WalkMeetsEveryKeyOnceInBatches) {
  std::multiset<std::string> stored;
  for (int i = 0; i < 100; ++i) stored.insert("k" + std::to_string(i));
  for (const std::string& key : stored) store(key, versioned_entry(1));
  EXPECT_EQ(walked(7), stored);
  EXPECT_EQ(walked(1000), stored);
}

TEST_F(DiskMaintenance, WalkMeetsHalvesToo) {
  store("no_json", versioned_entry(1));
  store("no_npz", versioned_entry(1));
  std::filesystem::remove(path("no_json.json"));
  std::filesystem::remove(path("no_npz.npz"));
  EXPECT_EQ(walked(10), (std::multiset<std::string>{"no_json", "no_npz"}));
}

TEST_F(DiskMaintenance, InspectTellsWithoutReadingArrays) {
  StoreOptions options;
  options.expires_at = clock_.now() + std::chrono::seconds(60);
  options.recipe = R"({"op_name":"fft"})";
  options.compute_s = 3;
  const StoreResult stored = cache().store(Key("k"), versioned_entry(1, 5000), options);
  (void)lookup("k");
  const auto info = cache().inspect(Key("k"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->json_bytes + info->npz_bytes, stored.stored_bytes);
  EXPECT_TRUE(info->sealed);
  EXPECT_EQ(info->expires_at, options.expires_at);
  EXPECT_EQ(info->recipe, options.recipe);
  EXPECT_EQ(info->compute_s, 3);
  EXPECT_EQ(info->hits, 1U);
  EXPECT_EQ(info->damage, MissReason::none);
  clock_.advance(std::chrono::seconds(60));
  EXPECT_EQ(cache().inspect(Key("k"))->damage, MissReason::expired);
  EXPECT_EQ(cache().verify(Key("k")).reason, MissReason::expired);
  EXPECT_FALSE(cache().inspect(Key("nobody")));
}

TEST_F(DiskMaintenance, InspectNamesWhatIsPlainlyDamaged) {
  store("half", versioned_entry(1));
  std::filesystem::remove(path("half.json"));
  EXPECT_EQ(cache().inspect(Key("half"))->damage, MissReason::half);
  store("cut", versioned_entry(1));
  overwrite("cut.npz", content("cut.npz").substr(0, 100));
  EXPECT_EQ(cache().inspect(Key("cut"))->damage, MissReason::corrupt);
  Bytes encrypted = unsealed(".npz");
  overwrite("secret.json", unsealed(".json").text());
  std::string npz(encrypted.text());
  npz[npz.find("PK\x01\x02") + 8] = 1;  // says that the first member is encrypted
  overwrite("secret.npz", npz);
  EXPECT_EQ(cache().inspect(Key("secret"))->damage, MissReason::unsupported);
  EXPECT_EQ(cache().verify(Key("secret")).reason, MissReason::unsupported);
}

TEST_F(DiskMaintenance, DoctorKnowsTheFolder) {
  store("k", versioned_entry(1));
  const DiskHealth health = cache().doctor();
  EXPECT_EQ(health.folder, options_.root);
  EXPECT_TRUE(health.writable);
  EXPECT_EQ(health.owner_uid, ::geteuid());
  EXPECT_FALSE(health.filesystem.empty());
  EXPECT_GT(health.free_bytes, 0U);
  EXPECT_EQ(health.ledger, "shared");
  EXPECT_EQ(health.usage.entries, 1U);
  EXPECT_EQ(health.stale_temporaries, 0U);
  EXPECT_EQ(health.quarantined_files, 0U);
}

TEST_F(DiskMaintenance, DoctorAndCollectFindWhatAKilledProcessLeft) {
  ASSERT_TRUE(in_child([&] {
    store("k", versioned_entry(1));
    ::_exit(0);  // without closing: its session's lock stays behind, which is no store that was interrupted
  }));
  const auto left = [this] {
    const std::filesystem::directory_iterator files(options_.root / ".neve/tmp");
    return std::distance(begin(files), end(files));
  };
  EXPECT_EQ(left(), 1);
  EXPECT_EQ(cache().doctor().stale_temporaries, 0U);
  overwrite(".neve/tmp/0123456789abcdef-1.npz", "x");
  EXPECT_EQ(cache().doctor().stale_temporaries, 1U);
  EXPECT_EQ(collect().stale_temporaries, 1U);
  EXPECT_EQ(cache().doctor().stale_temporaries, 0U);
  EXPECT_LE(left(), 1) << "this one's own lock at most";
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskMaintenance, UsageOfManyEntriesIsAnEstimate) {
  store("k", Entry{});
  for (int i = 1; i < 1100; ++i) {
    const std::string key = std::string(60, 'a') + std::to_string(1000 + i);  // as long as a digest
    std::filesystem::create_hard_link(path("k.json"), path(key + ".json"));
    std::filesystem::create_hard_link(path("k.npz"), path(key + ".npz"));
  }
  collect();
  const Usage usage = cache().usage();
  EXPECT_FALSE(usage.exact);
  EXPECT_EQ(usage.entries, 1100U);
}

}  // namespace
}  // namespace neve
