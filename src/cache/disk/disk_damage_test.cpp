#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "cache/disk/disk_cache_fixture.hpp"

namespace neve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Entries that lost something, and what becomes of them.
class DiskDamage : public DiskCacheInFolder {
 protected:
  /// In place, as phys-pipeline does and much faster than replacing the file thousands of times.
  void rewrite(const std::string& name, std::string_view bytes) {
    std::ofstream(path(name), std::ios::binary | std::ios::trunc) << bytes;
  }
  void flip(const std::string& name, std::size_t position) {
    std::string bytes = content(name);
    bytes.at(position) = static_cast<char>(bytes.at(position) ^ 1);
    overwrite(name, bytes);
  }
};

TEST_F(DiskDamage, EveryFlippedBitIsAMiss) {
  store("k", varied_entry());
  for (const std::string name : {"k.json", "k.npz"}) {
    const std::string good = content(name);
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << i % 8));
      rewrite(name, bad);
      const LookupResult found = lookup("k");
      ASSERT_FALSE(found.hit()) << name << " byte " << i;
      ASSERT_THAT(found.reason,
                  testing::AnyOf(MissReason::corrupt, MissReason::torn, MissReason::unsupported, MissReason::foreign))
          << name << " byte " << i;
      ASSERT_FALSE(found.detail.empty());
    }
    rewrite(name, good);
    ASSERT_TRUE(lookup("k").hit());
  }
}

TEST_F(DiskDamage, EveryTruncationIsAMiss) {
  store("k", varied_entry());
  for (const std::string name : {"k.json", "k.npz"}) {
    const std::string good = content(name);
    for (std::size_t size = 0; size < good.size(); ++size) {
      rewrite(name, std::string_view(good).substr(0, size));
      const LookupResult found = lookup("k");
      ASSERT_FALSE(found.hit()) << name << " cut to " << size;
      ASSERT_EQ(found.reason, MissReason::corrupt) << name << " cut to " << size << ": " << found.detail;
    }
    rewrite(name, good);
  }
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, OneHalfAloneIsAHalfMiss) {
  store("k", versioned_entry(1));
  const std::string json = content("k.json");
  std::filesystem::remove(path("k.json"));
  EXPECT_EQ(lookup("k").reason, MissReason::half);
  EXPECT_FALSE(has("k"));
  overwrite("k.json", json);
  std::filesystem::remove(path("k.npz"));
  EXPECT_EQ(lookup("k").reason, MissReason::half);
  EXPECT_TRUE(cache().erase(Key("k")));
  EXPECT_THAT(visible_files(), IsEmpty());
}

TEST_F(DiskDamage, HalvesOfTwoStoresAreTorn) {
  store("k", versioned_entry(1));
  const std::string json = content("k.json");
  store("k", versioned_entry(2));
  overwrite("k.json", json);
  EXPECT_EQ(lookup("k").reason, MissReason::torn);
}

TEST_F(DiskDamage, FilesUnderAnotherNameAreForeign) {
  store("k", versioned_entry(1));
  std::filesystem::copy(path("k.json"), path("other.json"));
  std::filesystem::copy(path("k.npz"), path("other.npz"));
  EXPECT_EQ(lookup("other").reason, MissReason::foreign);
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, FolderUnderAnEntrysNameIsForeignAndStays) {
  std::filesystem::create_directories(path("k.json"));
  std::filesystem::create_directories(path("k.npz"));
  EXPECT_EQ(lookup("k").reason, MissReason::foreign);
  EXPECT_TRUE(std::filesystem::exists(path("k.npz")));
}

TEST_F(DiskDamage, OurDamagedFilesGoIntoQuarantineAndTheKeyIsFree) {
  store("k", versioned_entry(1));
  flip("k.npz", 100);
  age("k");
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  EXPECT_EQ(quarantined(), 2U);
  EXPECT_THAT(visible_files(), IsEmpty());
  EXPECT_EQ(lookup("k").reason, MissReason::absent);
  store("k", versioned_entry(2));
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, OurFilesAreKnownWithoutALedgerAndWithoutASeal) {
  store("sealed", versioned_entry(1));
  std::filesystem::remove_all(path(".neve"));
  close();
  flip("sealed.npz", 100);
  age("sealed");
  EXPECT_EQ(lookup("sealed").reason, MissReason::corrupt);
  EXPECT_EQ(quarantined(), 2U);

  store("cut", versioned_entry(1));
  overwrite("cut.npz", content("cut.npz").substr(0, 150));
  age("cut");
  EXPECT_EQ(lookup("cut").reason, MissReason::corrupt);
  EXPECT_EQ(quarantined(), 4U);
}

TEST_F(DiskDamage, WhatWasTouchedAMomentAgoMayStillBeInTheMaking) {
  store("k", versioned_entry(1));
  flip("k.npz", 100);
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  EXPECT_EQ(quarantined(), 0U);
  EXPECT_THAT(visible_files(), ElementsAre("k.json", "k.npz"));
}

TEST_F(DiskDamage, EntryThatWouldInflateBeyondTheLimitIsUnsupportedAndStays) {
  Entry zeros;
  zeros.arrays.emplace("a", Array::from(std::vector<double>(1 << 17)));
  options_.decoded_bytes = 1 << 19;
  store("k", zeros);
  EXPECT_EQ(lookup("k").reason, MissReason::unsupported);
  EXPECT_THAT(visible_files(), ElementsAre("k.json", "k.npz"));
  close();
  options_.decoded_bytes = 1 << 21;
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, MetadataThatWouldNeedMoreMemoryThanTheLimitAreUnsupportedAndStay) {
  Entry nested;
  for (int i = 0; i < 10'000; ++i) nested.meta["values"].push_back({{"a", 1}});
  options_.decoded_bytes = 1 << 20;  // some eight times the text
  store("k", nested);
  const LookupResult found = lookup("k");
  EXPECT_EQ(found.reason, MissReason::unsupported);
  EXPECT_THAT(found.detail, testing::HasSubstr("more memory than"));
  EXPECT_THAT(visible_files(), ElementsAre("k.json", "k.npz"));
  close();
  options_.decoded_bytes = 1 << 24;
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, ALongTextOfMetadataIsNoMoreThanItIs) {
  Entry entry;
  entry.meta["text"] = std::string(1 << 21, 'x');
  options_.decoded_bytes = 1 << 20;
  store("k", entry);
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, FilesFromTheFutureAreNotWaitedFor) {
  store("k", versioned_entry(1));
  flip("k.npz", 100);
  const auto later = std::filesystem::last_write_time(path("k.npz")) + std::chrono::hours(24);
  for (const char* name : {"k.json", "k.npz"}) std::filesystem::last_write_time(path(name), later);
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  EXPECT_EQ(quarantined(), 2U);
}

TEST_F(DiskDamage, QuarantineKeepsTheLastFewOnly) {
  for (int i = 0; i < 50; ++i) {
    const std::string key = "k" + std::to_string(i);
    store(key, versioned_entry(1));
    flip(key + ".npz", 100);
    age(key);
    ASSERT_EQ(lookup(key).reason, MissReason::corrupt);
  }
  EXPECT_LE(quarantined(), 64U);
  EXPECT_TRUE(std::filesystem::exists(path(".neve/quarantine/k49.npz")));
  EXPECT_FALSE(std::filesystem::exists(path(".neve/quarantine/k0.npz")));
}

TEST_F(DiskDamage, AnotherProgramsNpzBesideOurJsonIsTornUntilBothAreOfOneWriter) {
  clock_.advance(Clock::system().now() - clock_.now());  // the files' own times count
  store("k", versioned_entry(1));
  rewrite("k.npz", unsealed(".npz").text());
  EXPECT_EQ(lookup("k").reason, MissReason::torn);
  EXPECT_EQ(cache().verify(Key("k")).reason, MissReason::torn);
  store("k", versioned_entry(2));
  EXPECT_TRUE(lookup("k").hit());
  clock_.advance(-std::chrono::hours(1));
  store("k", versioned_entry(3));
  place_unsealed("k");
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, DamagedFilesOfOthersAreMissedAndLeftAlone) {
  place_unsealed("k");
  ASSERT_TRUE(lookup("k").hit());
  flip("k.npz", 60);
  age("k");
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  overwrite("k.npz", content("k.npz").substr(0, 50));
  age("k");
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  std::filesystem::remove(path("k.npz"));
  age("k");
  EXPECT_EQ(lookup("k").reason, MissReason::half);
  collect();
  EXPECT_EQ(quarantined(), 0U);
  EXPECT_THAT(visible_files(), ElementsAre("k.json"));
}

TEST_F(DiskDamage, ReadOnlyCacheMovesNothing) {
  store("k", versioned_entry(1));
  flip("k.npz", 100);
  age("k");
  close();
  options_.access = FolderAccess::read_only;
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  EXPECT_THAT(visible_files(), ElementsAre("k.json", "k.npz"));
}

TEST_F(DiskDamage, StoringOverDamageHeals) {
  store("k", versioned_entry(1));
  overwrite("k.npz", "");
  overwrite("k.json", "nonsense");
  store("k", versioned_entry(2));
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskDamage, WhatIsJustBeingStoredIsNotCalledDamaged) {
  store("k", versioned_entry(0));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int version = 1; !done; ++version) store("k", versioned_entry(version));
  });
  for (int i = 0; i < 500; ++i) {
    const Verification verdict = cache().verify(Key("k"));
    EXPECT_EQ(verdict.reason, MissReason::none) << verdict.detail;
  }
  done = true;
  writer.join();
}

TEST_F(DiskDamage, VerifySaysWhatIsWrongAndTouchesNothing) {
  store("good", versioned_entry(1));
  store("bad", versioned_entry(1));
  flip("bad.npz", 100);
  age("bad");
  EXPECT_EQ(cache().verify(Key("good")).reason, MissReason::none);
  const Verification bad = cache().verify(Key("bad"));
  EXPECT_EQ(bad.reason, MissReason::corrupt);
  EXPECT_FALSE(bad.detail.empty());
  EXPECT_EQ(cache().verify(Key("nobody")).reason, MissReason::absent);
  EXPECT_EQ(quarantined(), 0U);
}

}  // namespace
}  // namespace neve
