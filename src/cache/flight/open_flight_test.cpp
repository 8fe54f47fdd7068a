#include <neve/cache/open_flight.hpp>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/open_cache.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

std::shared_ptr<FlightControl> flight_for(const std::string& urls, std::optional<FlightReach> reach = {}) {
  return open_flight(urls, *open_cache(urls), reach);
}

TEST(OpenFlight, ThoseWhoShareAFolderExcludeEachOtherHoweverTheyNameIt) {
  const TemporaryFolder folder;
  const std::string path = folder.path().string();
  const auto one = flight_for("disk:" + path + "/cache");
  const auto two = flight_for("memory:,disk:" + path + "/other/../cache?ttl=1h");
  const auto elsewhere = flight_for("disk:" + path + "/second");
  ASSERT_TRUE(one && two && elsewhere);
  const auto lease = one->try_acquire(Key("k"));
  ASSERT_TRUE(lease);
  EXPECT_FALSE(two->try_acquire(Key("k")));
  EXPECT_TRUE(two->try_acquire(Key("other")));
  EXPECT_TRUE(elsewhere->try_acquire(Key("k")));
}

TEST(OpenFlight, NobodyIsExcludedFromWhatOnlyThisProcessHasOrWhenItIsOff) {
  const TemporaryFolder folder;
  const std::string disk = "disk:" + folder.path().string();
  EXPECT_FALSE(flight_for("memory:"));
  EXPECT_FALSE(flight_for("none:"));
  EXPECT_FALSE(flight_for(disk + "?flight=off"));
  EXPECT_FALSE(flight_for(disk, FlightReach::off));
  EXPECT_TRUE(flight_for(disk + "?flight=off", FlightReach::local));
}

TEST(OpenFlight, WhatOnlyOneOfThemWouldFindIsWorthNoWaiting) {
  const TemporaryFolder folder;
  const std::string disk = "disk:" + folder.path().string() + "/";
  const std::string common = disk + "common";
  (void)open_cache(common);
  const auto one = flight_for(disk + "one," + common + "?mode=read");
  const auto two = flight_for(disk + "two," + common + "?mode=read");
  const auto lease = one->try_acquire(Key("k"));
  ASSERT_TRUE(lease);
  EXPECT_TRUE(two->try_acquire(Key("k")));
  EXPECT_FALSE(flight_for(disk + "one")->try_acquire(Key("k")));
  EXPECT_FALSE(flight_for(common + "?mode=read"));
}

TEST(OpenFlight, ThoseWhoShareAnyOfTheirFoldersExcludeEachOther) {
  const TemporaryFolder folder;
  const std::string disk = "disk:" + folder.path().string() + "/";
  const auto both = flight_for(disk + "near," + disk + "far");
  const auto lease = both->try_acquire(Key("k"));
  ASSERT_TRUE(lease);
  EXPECT_FALSE(flight_for(disk + "near")->try_acquire(Key("k")));
  EXPECT_FALSE(flight_for(disk + "other," + disk + "far")->try_acquire(Key("k")));
}

TEST(OpenFlight, TiersAgreeOnHowFarItReaches) {
  const TemporaryFolder folder;
  const std::string disk = "disk:" + folder.path().string();
  EXPECT_THROW((void)flight_for("memory:?flight=local," + disk + "?flight=off"), Error);
  EXPECT_TRUE(flight_for("memory:?flight=local," + disk + "?flight=local"));
}

TEST(OpenFlight, SharedNeedsARedisThatMayBeWrittenTo) {
  const TemporaryFolder folder;
  try {
    (void)flight_for("disk:" + folder.path().string() + "?flight=shared");
    FAIL() << "shared through a folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("redis://"));
  }
}

}  // namespace
}  // namespace neve
