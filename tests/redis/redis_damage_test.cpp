// Entries that are half gone, damaged, in another's place or of another kind.
#include <gmock/gmock.h>

#include "foreign_pair.hpp"
#include "redis_fixture.hpp"

namespace neve {
namespace {

using RedisDamageTest = RedisTest;

TEST_F(RedisDamageTest, HalfAnEvictedPairIsAMiss) {
  RedisCache redis = cache();
  for (const char* half : {"phys-pipeline:0a1b:meta", "phys-pipeline:0a1b:arrays"}) {
    redis.store(key_, sample_entry(), {});
    ask({"DEL", half});
    EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::half) << half;
    EXPECT_FALSE(redis.contains(key_)) << half;
    EXPECT_TRUE(redis.erase(key_)) << half;
  }
}

TEST_F(RedisDamageTest, AForeignHalfIsNotPairedWithTheOldHalfInTheBlobFolder) {
  const TemporaryFolder folder;
  RedisCache redis = cache("?inline=4KiB&blobs=" + folder.path().string());
  Entry entry = sample_entry();
  entry.meta["text"] = std::string(20'000, 'x');
  redis.store(key_, entry, {});  // its metadata lie outside
  ask({"SET", "phys-pipeline:0a1b:meta", foreign_pair().meta});
  ask({"SET", "phys-pipeline:0a1b:arrays", foreign_pair().arrays});
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
  ask({"DEL", "phys-pipeline:0a1b:meta"});  // evicted: what is left are foreign arrays and a pointer to our metadata
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::torn);
}

TEST_F(RedisDamageTest, FactsNobodyCouldHaveMeasuredAreNotBelieved) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  for (const auto& [written, read] : {std::pair{"-5", 0.0}, {"1e300", 3.2e10}, {"NaN", 0.0}, {"2.5", 2.5}}) {
    ask({"SET", "phys-pipeline:0a1b:facts", std::string(R"({"compute_s":)") + written + "}"});
    const LookupResult found = redis.lookup(key_, {});
    ASSERT_TRUE(found.hit());
    EXPECT_EQ(found.compute_s, read);
  }
}

TEST_F(RedisDamageTest, HalvesThatDoNotBelongTogetherAreAMiss) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"SET", "phys-pipeline:0a1b:meta", R"({"answer": 41})"});
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::torn);
}

TEST_F(RedisDamageTest, AnEntryUnderAnotherEntrysKeyIsAMiss) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"RENAME", "phys-pipeline:0a1b:meta", "phys-pipeline:other:meta"});
  ask({"RENAME", "phys-pipeline:0a1b:arrays", "phys-pipeline:other:arrays"});
  EXPECT_EQ(redis.lookup(Key("other"), {}).reason, MissReason::foreign);
}

TEST_F(RedisDamageTest, ADamagedPayloadIsAMissAndTheNextStoreMendsIt) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"SETRANGE", "phys-pipeline:0a1b:arrays", "150", "?"});
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::corrupt);
  redis.store(key_, sample_entry(), {});
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisDamageTest, AForeignTypeUnderOurKeyIsAMissAndIsReplaced) {
  RedisCache redis = cache();
  ask({"LPUSH", "phys-pipeline:0a1b:meta", "x"});
  EXPECT_FALSE(redis.lookup(key_, {}).hit());
  EXPECT_TRUE(redis.store(key_, sample_entry(), {}).stored);
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

}  // namespace
}  // namespace neve
