// That plain structs of the public headers can have one member named and the rest left: g++ -Wextra, as in this build,
// warns the user's program of each member without a default.
#include <gtest/gtest.h>

#include <neve/cache/disk_cache.hpp>
#include <neve/cache/flight.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/redis_options.hpp>
#include <neve/cache/tiered.hpp>

namespace neve {
namespace {

TEST(PublicOptions, AreSetOneByOne) {
  const Entry entry{.meta = Json::object()};
  EXPECT_TRUE(entry.arrays.empty());
  EXPECT_TRUE(StoreOptions{.compute_s = 1}.recipe.empty());
  EXPECT_FALSE(DiskCacheOptions{.root = "x"}.ttl.has_value());
  EXPECT_FALSE(CollectOptions{.mode = CollectMode::dry_run}.budget_bytes.has_value());
  EXPECT_FALSE(MemoryCacheOptions{.budget_bytes = 1}.ttl.has_value());
  EXPECT_TRUE(RedisOptions{.inline_limit = 1}.user.empty());
  EXPECT_TRUE(Computed{.entry = {}}.store.recipe.empty());
  EXPECT_EQ(Tier{.access = TierAccess::read_only}.cache, nullptr);
}

}  // namespace
}  // namespace neve
