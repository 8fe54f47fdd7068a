// Promotions from one server into another, and what other processes do meanwhile.
#include <functional>
#include <limits>
#include <memory>
#include <utility>

#include <neve/cache/tiered.hpp>

#include "foreign_pair.hpp"
#include "redis_fixture.hpp"
#include "support/forwarding_cache.hpp"

namespace neve {
namespace {

/// Two servers as one chain, and what another process does to them while an entry is promoted.
class RedisPromotionTest : public RedisTest {
 protected:
  /// A far tier that does something once, after it was asked whether it still has the entry.
  class Far final : public ForwardingCache {
   public:
    explicit Far(RedisOptions options) : ForwardingCache(std::make_shared<RedisCache>(std::move(options))) {}
    bool touch(const Key& key, std::optional<TimePoint> expires_at) override {
      return forwarded().touch(key, expires_at);
    }
    [[nodiscard]] bool still_has(const Key& key, const LookupResult& found) override {
      if (const auto act = std::exchange(before_asked, nullptr)) act();
      const bool has = forwarded().still_has(key, found);
      if (const auto act = std::exchange(after_asked, nullptr)) act();
      return has;
    }

    std::function<void()> before_asked;
    std::function<void()> after_asked;
  };

  [[nodiscard]] RedisOptions far_options() const { return options("?prefix=far"); }
  [[nodiscard]] TieredCache chain() const { return TieredCache({{std::make_shared<RedisCache>(options())}, {far_}}); }

  std::shared_ptr<Far> far_ = std::make_shared<Far>(far_options());
};

TEST_F(RedisPromotionTest, WhatAnotherProcessErasesMeanwhileIsNotPromoted) {
  far_->store(key_, sample_entry(), {});
  TieredCache here = chain();
  TieredCache other({{std::make_shared<RedisCache>(options())}, {std::make_shared<RedisCache>(far_options())}});
  far_->after_asked = [&] { other.erase(key_); };
  EXPECT_TRUE(here.lookup(key_, {}).hit());
  EXPECT_FALSE(here.lookup(key_, {}).hit());
  EXPECT_FALSE(cache().contains(key_));
}

TEST_F(RedisPromotionTest, NothingIsPromotedOverWhatAnotherProcessStores) {
  far_->store(key_, sample_entry(8, 1), {});
  TieredCache here = chain();
  far_->after_asked = [&] { cache().store(key_, sample_entry(8, 2), {}); };
  EXPECT_TRUE(here.lookup(key_, {}).hit());
  EXPECT_TRUE(same(*cache().lookup(key_, {}).entry, sample_entry(8, 2)));
  EXPECT_TRUE(same(*here.lookup(key_, {}).entry, sample_entry(8, 2)));
}

TEST_F(RedisPromotionTest, WhatAnotherProcessReplacesInTheFarTierAloneIsNotPromoted) {
  Entry first = sample_entry(8, 1);
  first.meta["ratio"] = std::numeric_limits<double>::quiet_NaN();  // equal to nothing, but stored as the same text
  TieredCache here = chain();
  far_->store(key_, first, {});
  far_->before_asked = [&] { far_->store(key_, sample_entry(8, 2), {}); };
  EXPECT_EQ(here.lookup(key_, {}).entry->arrays, first.arrays) << "it was there when it was asked for";
  EXPECT_FALSE(cache().contains(key_));
  EXPECT_TRUE(same(*here.lookup(key_, {}).entry, sample_entry(8, 2)));
  far_->store(key_, first, {});
  (void)cache().erase(key_);
  EXPECT_TRUE(here.lookup(key_, {}).hit());
  EXPECT_TRUE(cache().contains(key_));
}

TEST_F(RedisPromotionTest, WhatIsToExpireSoonerMeanwhileIsNotPromotedWithTheOldExpiry) {
  TieredCache here = chain();
  TieredCache other({{std::make_shared<RedisCache>(options())}, {std::make_shared<RedisCache>(far_options())}});
  const TimePoint soon = Clock::system().now() + std::chrono::minutes(1);
  for (const bool late : {false, true}) {
    far_->store(key_, sample_entry(), {});
    (void)cache().erase(key_);
    (late ? far_->after_asked : far_->before_asked) = [&] { EXPECT_TRUE(other.touch(key_, soon)); };
    EXPECT_TRUE(here.lookup(key_, {}).hit());
    EXPECT_FALSE(cache().contains(key_)) << late;
    EXPECT_TRUE(here.lookup(key_, {}).hit());
    EXPECT_EQ(cache().lookup(key_, {}).expires_at, soon) << late;
  }
}

TEST_F(RedisPromotionTest, WhatWasKeptForEverOverAnEntryThatWasToExpireIsPromoted) {
  StoreOptions soon;
  soon.expires_at = Clock::system().now() + std::chrono::minutes(1);
  far_->store(key_, sample_entry(), soon);
  // phys-pipeline knows nothing of the facts, and leaves them behind.
  ask({"SET", "far:0a1b:meta", foreign_pair().meta});
  ask({"SET", "far:0a1b:arrays", foreign_pair().arrays});
  ASSERT_EQ(ask({"EXISTS", "far:0a1b:facts"}).integer, 1);
  EXPECT_TRUE(chain().lookup(key_, {}).hit());
  EXPECT_TRUE(cache().contains(key_));
  EXPECT_FALSE(cache().lookup(key_, {}).expires_at);
}

TEST_F(RedisPromotionTest, WhatIsToExpireLaterThanTheEntryBeforeIsPromotedWithItsOwnExpiry) {
  StoreOptions soon;
  soon.expires_at = Clock::system().now() + std::chrono::minutes(1);
  far_->store(key_, sample_entry(), soon);
  ask({"SET", "far:0a1b:meta", foreign_pair().meta, "PX", "3600000"});
  ask({"SET", "far:0a1b:arrays", foreign_pair().arrays, "PX", "3600000"});
  EXPECT_TRUE(chain().lookup(key_, {}).hit());
  const LookupResult promoted = cache().lookup(key_, {});
  ASSERT_TRUE(promoted.hit());
  EXPECT_GT(promoted.expires_at, *soon.expires_at);
}

TEST_F(RedisPromotionTest, APromotionReplacesWhatIsDamagedAndWhatIsOfAnotherType) {
  TieredCache here = chain();
  const auto promoted = [&] {
    far_->store(key_, sample_entry(), {});
    return here.lookup(key_, {}).hit() && same(*cache().lookup(key_, {}).entry, sample_entry());
  };
  EXPECT_TRUE(promoted());
  (void)ask({"DEL", "phys-pipeline:0a1b:meta"});
  EXPECT_TRUE(promoted());
  (void)ask({"SETRANGE", "phys-pipeline:0a1b:arrays", "40", "damage"});
  EXPECT_TRUE(promoted());
  (void)ask({"DEL", "phys-pipeline:0a1b:arrays"});
  (void)ask({"LPUSH", "phys-pipeline:0a1b:arrays", "a list"});
  EXPECT_TRUE(promoted());
  EXPECT_LT(ask({"PTTL", "phys-pipeline:0a1b:meta"}).integer, 0) << "for ever, as in the far tier";
}

}  // namespace
}  // namespace neve
