#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <neve/base/error.hpp>

#include "redis_fixture.hpp"

namespace neve {
namespace {

using testing::HasSubstr;

class RedisBlobTest : public RedisTest {
 protected:
  [[nodiscard]] RedisCache blob_cache(const std::string& more = {}) const {
    return cache("?inline=4KiB&blobs=" + folder_.path().string() + more);
  }
  [[nodiscard]] std::vector<std::filesystem::path> blobs() const {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (file.is_regular_file()) files.push_back(file.path());
    }
    return files;
  }

  TemporaryFolder folder_;
  const Entry large_ = sample_entry(10'000);
};

TEST_F(RedisBlobTest, ALargeEntryLiesInTheFolderAndRedisPointsToIt) {
  RedisCache redis = blob_cache();
  EXPECT_TRUE(redis.store(key_, large_, {}).stored);
  ASSERT_EQ(blobs().size(), 1U);
  const std::string digest = blobs()[0].filename().string();
  EXPECT_EQ(ask({"GET", "phys-pipeline:0a1b:facts"}).text(),
            R"({"arrays":{"location":")" + digest.substr(0, 2) + "/" + digest + R"(","sha256":")" + digest +
                R"(","size":)" + std::to_string(std::filesystem::file_size(blobs()[0])) + "}}");
  EXPECT_TRUE(ask({"GET", "phys-pipeline:0a1b:arrays"}).nil());
  EXPECT_TRUE(redis.contains(key_));
  for (const Placement placement : {Placement::owned, Placement::mapped}) {
    const LookupResult found = redis.lookup(key_, {placement});
    ASSERT_TRUE(found.hit()) << found.detail;
    EXPECT_TRUE(same(*found.entry, large_));
  }
}

TEST_F(RedisBlobTest, EqualPayloadsShareABlobAndSmallEntriesNeedNone) {
  RedisCache redis = blob_cache();
  redis.store(Key("small"), sample_entry(), {});
  EXPECT_TRUE(blobs().empty());
  redis.store(key_, large_, {});
  redis.store(key_, large_, {});
  EXPECT_EQ(blobs().size(), 1U);
}

TEST_F(RedisBlobTest, LargeMetadataLieInTheFolderToo) {
  RedisCache redis = blob_cache();
  Entry entry = sample_entry();
  entry.meta["state_blob"] = std::string(20'000, 'x');
  EXPECT_TRUE(redis.store(key_, entry, {}).stored);
  EXPECT_TRUE(ask({"GET", "phys-pipeline:0a1b:meta"}).nil());
  const LookupResult found = redis.lookup(key_, {});
  ASSERT_TRUE(found.hit()) << found.detail;
  EXPECT_TRUE(same(*found.entry, entry));
}

TEST_F(RedisBlobTest, WithoutAFolderALargeEntryIsDeclinedWithTheReason) {
  RedisCache redis = cache("?inline=4KiB");
  const StoreResult result = redis.store(key_, large_, {});
  EXPECT_FALSE(result.stored);
  EXPECT_THAT(result.declined, HasSubstr("inline limit"));
  EXPECT_THAT(result.declined, HasSubstr("blobs"));
  EXPECT_EQ(ask({"DBSIZE"}).integer, 0);
}

TEST_F(RedisBlobTest, AFolderThatCannotBeWrittenIsNoFaultOfTheServer) {
  const std::filesystem::path file = folder_.path() / "file";
  std::ofstream(file) << "no folder";
  RedisCache redis = cache("?inline=4KiB&blobs=" + file.string());
  EXPECT_THAT(redis.store(key_, large_, {}).declined, HasSubstr(file.string()));
  EXPECT_EQ(ask({"DBSIZE"}).integer, 0);
  RedisCache good = blob_cache();
  EXPECT_TRUE(good.store(key_, large_, {}).stored);
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::half);
}

/// In a report equal reasons are one line with a count, however many results a full folder did not take.
TEST_F(RedisBlobTest, AFullFolderIsTheSameReasonForEveryEntry) {
  const std::filesystem::path folder = folder_.path() / "full";
  RedisCache redis = cache("?inline=4KiB&blobs=" + folder.string());
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full{16, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const std::string first = redis.store(key_, large_, {}).declined;
  const std::string second = redis.store(Key("0a1c"), sample_entry(20'000), {}).declined;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_THAT(first, testing::AllOf(HasSubstr(folder.string()), HasSubstr("too large")));
  EXPECT_EQ(first, second);
}

TEST_F(RedisBlobTest, ADeclinedStoreLeavesNoOlderEntryInItsPlace) {
  RedisCache redis = cache("?inline=4KiB");
  EXPECT_TRUE(redis.store(key_, Entry{}, {}).stored);
  EXPECT_FALSE(redis.store(key_, large_, {}).stored);
  EXPECT_FALSE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisBlobTest, WhoCannotReadALargeEntryLeavesItToOthers) {
  RedisCache with_folder = blob_cache();
  ASSERT_TRUE(with_folder.store(key_, large_, {}).stored);
  RedisCache without = cache("?inline=4KiB");
  EXPECT_FALSE(without.store(key_, large_, {}).stored);
  EXPECT_TRUE(with_folder.lookup(key_, {}).hit());
}

TEST_F(RedisBlobTest, AMissingOrChangedBlobIsAMiss) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  const std::filesystem::path blob = blobs()[0];
  {
    std::fstream file(blob, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(5000);
    file.put('?');
  }
  const LookupResult changed = redis.lookup(key_, {});
  EXPECT_FALSE(changed.hit());
  EXPECT_THAT(changed.detail, HasSubstr("digest"));
  redis.store(key_, large_, {});
  EXPECT_TRUE(redis.lookup(key_, {}).hit()) << "a store mends it";
  std::filesystem::resize_file(blob, 100);
  EXPECT_THAT(redis.lookup(key_, {}).detail, HasSubstr("size"));
  std::filesystem::remove(blob);
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::half);
}

TEST_F(RedisBlobTest, ABlobBeyondTheMemoryIsAMissWithItsReasonAndNotRead) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  constexpr std::uint64_t kTerabyte = std::uint64_t{1} << 40;
  const std::string size = std::to_string(std::filesystem::file_size(blobs()[0]));
  std::filesystem::resize_file(blobs()[0], kTerabyte);  // sparse
  EXPECT_THAT(redis.lookup(key_, {}).detail, HasSubstr("wrong size"));
  std::string pointer(ask({"GET", "phys-pipeline:0a1b:facts"}).text());
  pointer.replace(pointer.rfind(size), size.size(), std::to_string(kTerabyte));
  ask({"SET", "phys-pipeline:0a1b:facts", pointer});
  const LookupResult found = redis.lookup(key_, {});
  EXPECT_EQ(found.reason, MissReason::unsupported);
  EXPECT_THAT(found.detail, HasSubstr("half of the memory"));
}

TEST_F(RedisBlobTest, APipeInABlobsPlaceIsNotWaitedFor) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  const std::filesystem::path blob = blobs()[0];
  std::filesystem::remove(blob);
  ASSERT_EQ(::mkfifo(blob.c_str(), 0600), 0);
  EXPECT_THAT(redis.lookup(key_, {}).detail, HasSubstr("is a pipe"));
  EXPECT_TRUE(redis.store(key_, large_, {}).stored);
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisBlobTest, NoBlobIsWrittenThroughALink) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  const std::filesystem::path part = blobs()[0].parent_path();
  std::filesystem::remove_all(part);
  const TemporaryFolder elsewhere;
  std::filesystem::create_directory_symlink(elsewhere.path(), part);
  EXPECT_THAT(redis.store(key_, large_, {}).declined, HasSubstr("no link"));
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
}

TEST_F(RedisBlobTest, FilesOfOthersBelowTheFolderAreNotCollected) {
  RedisCache redis = blob_cache();
  const std::string digest(64, 'a');
  const std::vector<std::string> theirs{".writing-thesis", "aa/.writing-thesis", "aa/notes.txt", "b/aa/" + digest};
  const std::filesystem::path place = folder_.path() / "phys-pipeline";  // where the prefix has its blobs
  for (const std::string& name : theirs) {
    std::filesystem::create_directories((place / name).parent_path());
    std::ofstream(place / name) << "x";
  }
  EXPECT_EQ(redis.collect_blobs(std::chrono::seconds(-1)).removed, 0U);
  std::ofstream(place / "aa/.writing-1-2-3") << "x";
  EXPECT_EQ(redis.collect_blobs(std::chrono::seconds(-1)).removed, 1U);
}

TEST_F(RedisBlobTest, APointerCannotNameAFileOutsideTheFolder) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  std::string pointer(ask({"GET", "phys-pipeline:0a1b:facts"}).text());
  pointer.replace(pointer.find("\":\"") + 3, 3, "../");
  ask({"SET", "phys-pipeline:0a1b:facts", pointer});
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::corrupt);
}

TEST_F(RedisBlobTest, AnEntryThatShrinksIsInlineAgain) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  redis.store(key_, sample_entry(), {});
  EXPECT_TRUE(ask({"GET", "phys-pipeline:0a1b:facts"}).nil());
  EXPECT_TRUE(same(*redis.lookup(key_, {}).entry, sample_entry()));
}

TEST_F(RedisBlobTest, OrphansAreCollectedAndOnlyThose) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  redis.store(Key("gone"), sample_entry(20'000), {});
  redis.erase(Key("gone"));
  EXPECT_EQ(redis.collect_blobs(std::chrono::hours(1)).removed, 0U);  // perhaps somebody is about to point to it
  const BlobSweep sweep = redis.collect_blobs(std::chrono::seconds(-1));
  EXPECT_EQ(sweep.removed, 1U);
  EXPECT_EQ(sweep.kept, 1U);
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisBlobTest, ABlobThatIsStillReadThroughAnotherServerIsSpared) {
  RedisCache redis = blob_cache();
  const RedisServer elsewhere;
  RedisCache other(
      RedisOptions::from_url("redis://" + elsewhere.address() +
                             "?inline=4KiB&timeout=20s&connect_timeout=20s&blobs=" + folder_.path().string()));
  other.store(key_, large_, {});
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  std::filesystem::last_write_time(blobs()[0], long_ago);
  ASSERT_TRUE(other.lookup(key_, {}).hit());
  EXPECT_EQ(redis.collect_blobs().removed, 0U);
  std::filesystem::last_write_time(blobs()[0], long_ago);
  EXPECT_EQ(redis.collect_blobs().removed, 1U);
}

TEST_F(RedisBlobTest, CachesWithOtherPrefixesKeepTheirBlobs) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  RedisCache other = blob_cache("&prefix=other");
  EXPECT_EQ(other.collect_blobs(std::chrono::seconds(-1)).removed, 0U);
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisBlobTest, ADryRunCountsOrphansAndRemovesNone) {
  RedisCache redis = blob_cache();
  redis.store(key_, large_, {});
  redis.erase(key_);
  EXPECT_EQ(redis.collect_blobs(std::chrono::seconds(-1), CollectMode::dry_run).removed, 1U);
  EXPECT_EQ(blobs().size(), 1U);
}

TEST_F(RedisBlobTest, DatabasesAndKeyStylesDoNotCollectEachOthersBlobs) {
  RedisCache plain = blob_cache();
  plain.store(key_, large_, {});
  EXPECT_EQ(blob_cache("&db=3").collect_blobs(std::chrono::seconds(-1)).removed, 0U);
  EXPECT_EQ(blob_cache("&tags=yes").collect_blobs(std::chrono::seconds(-1)).removed, 0U);
  EXPECT_TRUE(plain.lookup(key_, {}).hit());
}

TEST_F(RedisBlobTest, NothingIsCollectedByWhoMayNotReadWhatIsPointedTo) {
  blob_cache().store(key_, large_, {});
  ask({"ACL", "SETUSER", "blind", "on", ">pw", "~*", "+scan"});
  EXPECT_THROW(blob_cache("&user=blind&password=pw").collect_blobs(std::chrono::seconds(-1)), Error);
  EXPECT_EQ(blobs().size(), 1U);
}

}  // namespace
}  // namespace neve
