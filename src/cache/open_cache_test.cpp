#include <neve/cache/open_cache.hpp>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

std::string message_for(const std::string& url, ErrorCode code) {
  try {
    (void)open_cache(url);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << url << " was opened";
  return {};
}

void expect_message(const std::string& url, ErrorCode code, const std::string& part) {
  const std::string message = message_for(url, code);
  EXPECT_NE(message.find(part), std::string::npos) << message;
}

TEST(OpenCache, OpensEachKind) {
  const TemporaryFolder folder;
  EXPECT_EQ(open_cache("disk:" + folder.path().string())->name(), "disk");
  EXPECT_EQ(open_cache("memory:1MiB")->name(), "memory");
  EXPECT_EQ(open_cache("memory:")->name(), "memory");
  EXPECT_EQ(open_cache("none:")->name(), "none");
}

TEST(OpenCache, NoneMissesAndDeclines) {
  const auto cache = open_cache("none:");
  const StoreResult stored = cache->store(Key("k"), Entry{}, {});
  EXPECT_FALSE(stored.stored);
  EXPECT_FALSE(stored.declined.empty());
  EXPECT_EQ(cache->lookup(Key("k"), {}).reason, MissReason::absent);
}

TEST(OpenCache, DiskOptionsAreRead) {
  const DiskCacheOptions options = disk_options_from(Url::parse(
      "disk:/data/x?budget=2GiB&files=100&ttl=6h&durability=full&compression=small&map=on&readonly=yes&decoded=3GiB"));
  EXPECT_EQ(options.root, "/data/x");
  EXPECT_EQ(options.budget_bytes, std::uint64_t{2} << 30);
  EXPECT_EQ(options.budget_files, 100U);
  EXPECT_EQ(options.ttl, std::chrono::hours(6));
  EXPECT_EQ(options.durability, Durability::full);
  EXPECT_EQ(options.compression, Compression::small);
  EXPECT_EQ(options.placement, Placement::mapped);
  EXPECT_EQ(options.access, FolderAccess::read_only);
  EXPECT_EQ(options.decoded_bytes, std::uint64_t{3} << 30);
}

TEST(OpenCache, DiskDefaultsAreUnlimitedAndWritable) {
  const DiskCacheOptions options = disk_options_from(Url::parse("disk:.neve"));
  EXPECT_FALSE(options.budget_bytes || options.budget_files || options.ttl);
  EXPECT_EQ(options.durability, Durability::none);
  EXPECT_EQ(options.placement, Placement::owned);
  EXPECT_EQ(options.access, FolderAccess::read_write);
}

TEST(OpenCache, MistakesAreNamedWithTheNearestRightThing) {
  const auto invalid = ErrorCode::invalid_argument;
  expect_message("dsik:.neve", invalid, "did you mean 'disk'");
  expect_message("ftp:somewhere", invalid, "known: disk, memory, none");
  expect_message("disk:x?buget=1GB", invalid, "did you mean 'budget'");
  expect_message("disk:x?wrties=through", invalid, "did you mean 'writes'");
  expect_message("disk:x?budget=much", invalid, "much");
  expect_message("disk:x?durability=ful", invalid, "did you mean 'full'");
  expect_message("disk:x?map=perhaps", invalid, "map=perhaps");
  expect_message("memory:,disk:x?map=on", invalid, "'map=on' is for the nearest tier");
  expect_message("disk:x?ttl=soon", invalid, "soon");
  expect_message("disk:", invalid, "disk:.neve");
  expect_message("memory:,disk:~/neve", invalid, "give the whole path, or 'disk:./~/neve'");
  expect_message("disk://data/x", invalid, "disk:data/x");
  expect_message("memory:lots", invalid, "lots");
  expect_message("memory:1MiB?budget=1", invalid, "budget");
  expect_message("none:?ttl=1h", invalid, "ttl");
  expect_message("just text", invalid, "disk:just text");
  for (const char* separator : {" ", ";", "|"}) {
    const std::string url = std::string("disk:.neve") + separator + "redis://ann:hunter2@h";
    expect_message(url, invalid, "separated by commas");
    EXPECT_EQ(message_for(url, invalid).find("hunter2"), std::string::npos);
  }
}

TEST(OpenCache, AServerThatIsAwayKeepsNothingFromStartingAndNoPasswordIsRepeated) {
  try {
    const auto cache = open_cache("redis://user:secret@127.0.0.1:1/0");
    EXPECT_EQ(cache->name(), "redis");
    const LookupResult found = cache->lookup(Key("k"), {});
    EXPECT_EQ(found.reason, MissReason::unavailable);
    EXPECT_EQ(found.detail.find("secret"), std::string::npos);
  } catch (const Error& error) {
    // A build without Redis says which option it wants.
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("NEVE_REDIS"), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

TEST(OpenCache, AChainIsOpenedNearestFirstAndACommaInAPathIsNoChain) {
  const TemporaryFolder folder;
  const auto chain = open_cache("memory:1MiB,disk:" + folder.path().string() + "/c");
  EXPECT_EQ(chain->name(), "memory+disk");
  EXPECT_TRUE(chain->store(Key("k"), Entry{}, {}).stored);
  EXPECT_EQ(chain->lookup(Key("k"), {}).tier, "memory");
  EXPECT_TRUE(open_cache("disk:" + folder.path().string() + "/c")->contains(Key("k")));
  expect_message("memory:1MiB,disk:x?buget=1GB", ErrorCode::invalid_argument, "did you mean 'budget'");
  EXPECT_EQ(open_cache("disk:" + folder.path().string() + "/a,b")->name(), "disk");
}

}  // namespace
}  // namespace neve
