#include <neve/cache/tier_url.hpp>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/open_cache.hpp>

#include "support/refusal.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string refusal_of_url(const std::string& url) {
  SCOPED_TRACE(url);
  return refusal_of([&] { return open_cache(url); });
}

TEST(TierUrl, AListIsSplitWhereAKindOfCacheBegins) {
  const auto tiers = split_tiers("memory:1MiB,disk:/a, b,redis+cluster://h:1,i:2?prefix=p,unix:///s");
  ASSERT_EQ(tiers.size(), 4U);
  EXPECT_EQ(tiers[0].url, "memory:1MiB");
  EXPECT_EQ(tiers[1].url, "disk:/a, b");
  EXPECT_EQ(tiers[2].url, "redis+cluster://h:1,i:2?prefix=p");
  EXPECT_EQ(tiers[2].scheme(), "redis+cluster");
  EXPECT_EQ(tiers[3].url, "unix:///s");
}

TEST(TierUrl, AKindMayBeInCapitalsAndIsOneThatThereIs) {
  EXPECT_EQ(split_tiers("Disk:/A?Map=on").front().url, "disk:/A?Map=on");
  EXPECT_THAT(refusal_of_url("results"), HasSubstr("begins with its kind"));
  EXPECT_THAT(refusal_of_url("dsk:results"), HasSubstr("did you mean 'disk'"));
  EXPECT_THROW(static_cast<void>(split_tiers("dsk:results")), Error);
}

TEST(TierUrl, OptionsAboutTheChainAreTakenOutOfTheUrl) {
  const auto tiers = split_tiers("disk:x,redis://h/3?ttl=1h&mode=read&prefix=p&writes=background&flight=shared");
  EXPECT_EQ(tiers[0].access, TierAccess::read_write);
  EXPECT_FALSE(tiers[0].writes || tiers[0].flight);
  EXPECT_EQ(tiers[1].url, "redis://h/3?ttl=1h&prefix=p");
  EXPECT_EQ(tiers[1].access, TierAccess::read_only);
  EXPECT_EQ(tiers[1].writes, TierWrites::background);
  EXPECT_EQ(tiers[1].flight, FlightReach::shared);
  EXPECT_EQ(split_tiers("memory:?mode=write")[0].url, "memory:");
}

TEST(TierUrl, AValueThatThereIsNotIsNamed) {
  EXPECT_THAT(refusal_of_url("memory:?mode=raed"),
              HasSubstr("'mode=raed' in a cache URL is no choice (did you mean 'read'"));
  EXPECT_THAT(refusal_of_url("memory:,disk:x?writes=later"), HasSubstr("known: through, background"));
  EXPECT_THAT(refusal_of_url("memory:?flight=hsared"), HasSubstr("did you mean 'shared'"));
}

TEST(TierUrl, AnOptionAboutTheChainIsGivenOnce) {
  EXPECT_THAT(refusal_of_url("memory:?mode=read&mode=write"), HasSubstr("'mode' is given twice"));
  EXPECT_THAT(refusal_of_url("memory:,memory:?writes=through&ttl=1h&writes=background"),
              HasSubstr("'writes' is given twice"));
  EXPECT_THAT(refusal_of_url("memory:?flight=off&flight=off"), HasSubstr("'flight' is given twice"));
  EXPECT_EQ(split_tiers("memory:?mode=read,memory:?mode=read").size(), 2U);
}

TEST(TierUrl, AMisspeltKindInAListIsNotTakenForAPartOfAFolder) {
  EXPECT_THAT(refusal_of_url("memory:,reddis://h"), HasSubstr("did you mean 'redis'"));
}

TEST(TierUrl, AKindWithoutItsColonIsNotTakenForAPartOfAFolderOrHost) {
  for (const char* url : {"disk:.d,redis//ann:hunter2@h", "memory:,disk:.d,redis//ann:hunter2@h?prefix=p",
                          "disk:.d?ttl=1h,redis//ann:hunter2@h", "redis+cluster://a,redis//ann:hunter2@h"}) {
    EXPECT_THAT(refusal_of_url(url), HasSubstr("write 'redis://'")) << url;
    EXPECT_THAT(refusal_of_url(url), Not(HasSubstr("hunter2"))) << url;
    EXPECT_THAT(redacted_urls(url), Not(HasSubstr("hunter2"))) << url;
  }
  EXPECT_EQ(split_tiers("redis+cluster://redis,memory/0").size(), 1U);  // hosts may be called so
}

TEST(TierUrl, NoPasswordIsEverPrinted) {
  for (const char* url : {"redis://ann:hunter2@h", "redis+cluster://:hunter2@a:1,b:2", "redis://:hun@ter2hunter2@h:0",
                          "unix:///s?user=ann&password=hunter2", "memory:,redis://:hunter2@h:notaport,disk:x",
                          "redis+sentinel://h/m?sentinel_password=hunter2", "redis://h?pasword=hunter2",
                          "redis://:hunter2?x@h", "redis://:a?hunter2=1@h", "redis://ann:12?hunter2@h/0",
                          "redis://ann:a@b?hunter2@h", "redis://ann:a/b@c?hunter2@h:1?ttl=1h"}) {
    EXPECT_THAT(redacted_urls(url), Not(HasSubstr("hunter2"))) << url;
    EXPECT_THAT(redacted_urls(url), HasSubstr("***")) << url;
  }
  EXPECT_EQ(redacted_urls("memory:1MiB,disk:.neve?ttl=1h,redis://ann:pw@h:1/2?prefix=p"),
            "memory:1MiB,disk:.neve?ttl=1h,redis://ann:***@h:1/2?prefix=p");
  EXPECT_EQ(redacted_urls("redis://h:6379/1?prefix=a@b"), "redis://h:6379/1?prefix=a@b");
}

TEST(OpenCache, AReadOnlyTierIsLookedUpAndNeverStoredTo) {
  const TemporaryFolder folder;
  const std::string far = "disk:" + (folder.path() / "far").string();
  Entry entry;
  entry.meta = Json{{"x", 1}};
  open_cache(far)->store(Key("old"), entry, {});
  const auto cache = open_cache("memory:," + far + "?mode=read");
  EXPECT_TRUE(cache->lookup(Key("old"), {}).hit());
  EXPECT_TRUE(cache->store(Key("new"), entry, {}).stored);
  EXPECT_TRUE(cache->erase(Key("old")));
  EXPECT_FALSE(open_cache(far)->contains(Key("new")));
  EXPECT_TRUE(open_cache(far)->contains(Key("old")));
}

TEST(OpenCache, ACacheThatIsReadOnlyAltogetherDeclinesStores) {
  const TemporaryFolder folder;
  const auto cache = open_cache("disk:" + folder.path().string() + "?mode=read");
  EXPECT_EQ(cache->name(), "disk");
  EXPECT_EQ(cache->store(Key("k"), Entry{}, {}).declined, "no tier may be written to");
}

TEST(OpenCache, BackgroundWritesNeedAChainThatAgreesOnThem) {
  EXPECT_THAT(refusal_of_url("disk:x?writes=background"), HasSubstr("needs a chain"));
  EXPECT_THAT(refusal_of_url("memory:?writes=through,memory:?writes=background"), HasSubstr("different 'writes'"));
  const auto cache = open_cache("memory:,memory:?writes=background");
  cache->store(Key("k"), Entry{}, {});
  auto& chain = dynamic_cast<TieredCache&>(cache->backend());
  chain.drain();
  EXPECT_EQ(chain.snapshot().background_stores, 1U);
  EXPECT_TRUE(chain.tiers()[1].cache->contains(Key("k")));
}

}  // namespace
}  // namespace neve
