// What phys-pipeline's Redis backend writes is read here and the reverse, through redis-py and NumPy themselves. Needs
// the packages python3-redis and python3-numpy.
#include <array>
#include <complex>
#include <cstdio>

#include <gmock/gmock.h>

#include <neve/cache/disk_cache.hpp>

#include "redis_fixture.hpp"
#include "support/test_data.hpp"

namespace neve {
namespace {

class RedisInteropTest : public RedisTest {
 protected:
  /// What the Python client prints.
  [[nodiscard]] Json python(const std::string& verb, const std::string& more = {}) const {
    const std::string command = "'" NEVE_PYTHON "' -B '" + test_data("redis/phys_pipeline_client.py") + "' '" +
                                server_.socket_path() + "' " + verb + " " + key_.text() + " " + more;
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    std::string output;
    std::array<char, 4096> block{};
    for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
      output.append(block.data(), count);
    EXPECT_EQ(::pclose(pipe), 0) << command;
    return output.empty() ? Json(nullptr) : parse_json(output);
  }
};

Entry varied_entry() {
  Entry entry;
  entry.meta = Json{{"name", "fibre \xc3\xa9"}, {"three", 3.0}, {"nothing", nullptr}, {"count", 7}};
  entry.arrays.emplace("field", Array::from(std::vector<std::complex<double>>{{3, 4}, {0, -1}}));
  entry.arrays.emplace("time", Array::from(std::vector<double>(1000, 0.5)));
  return entry;
}

TEST_F(RedisInteropTest, WhatPythonWroteIsReadWithItsExpiry) {
  (void)python("put", "1000");
  const LookupResult found = cache().lookup(key_, {});
  ASSERT_TRUE(found.hit()) << found.detail;
  EXPECT_EQ(found.entry->meta, (Json{{"metrics", {{"energy_j", 5.67e-10}, {"passes", 3}}},
                                     {"name", "fibre \xc3\xa9"},
                                     {"nothing", nullptr},
                                     {"three", 3.0}}));
  EXPECT_EQ(found.entry->arrays.size(), 4U);
  EXPECT_EQ(found.entry->arrays.at("field").as<std::complex<double>>()[5], std::complex<double>(5, -10));
  EXPECT_EQ(found.entry->arrays.at("time").as<double>()[4], 1.0);
  EXPECT_EQ(found.entry->arrays.at("whole").order(), Order::fortran);
  ASSERT_TRUE(found.expires_at);
  EXPECT_LE(*found.expires_at, Clock::system().now() + std::chrono::seconds(1000));
}

TEST_F(RedisInteropTest, WhatWeWroteIsReadByPython) {
  cache().store(key_, varied_entry(), {});
  const Json read = python("get");
  EXPECT_EQ(read.at("meta"), varied_entry().meta);
  EXPECT_EQ(read.at("arrays").at("field"), (Json{{"dtype", "complex128"}, {"shape", {2}}, {"sum", 6.0}}));
  EXPECT_EQ(read.at("arrays").at("time"), (Json{{"dtype", "float64"}, {"shape", {1000}}, {"sum", 500.0}}));
}

TEST_F(RedisInteropTest, EachReplacesWhatTheOtherWrote) {
  RedisCache redis = cache();
  StoreOptions costly;
  costly.compute_s = 5;
  redis.store(key_, varied_entry(), costly);
  (void)python("put");
  EXPECT_EQ(redis.lookup(key_, {}).entry->arrays.size(), 4U);
  redis.store(key_, varied_entry(), {});
  EXPECT_EQ(python("get").at("arrays").size(), 2U);
  EXPECT_EQ(redis.lookup(key_, {}).entry->meta, varied_entry().meta);
}

TEST_F(RedisInteropTest, AnEntryInTheBlobFolderIsAMissForPython) {
  const TemporaryFolder folder;
  cache("?inline=1B&blobs=" + folder.path().string()).store(key_, varied_entry(), {});
  EXPECT_EQ(python("get"), Json(nullptr));
}

TEST_F(RedisInteropTest, DiskAndRedisHoldTheSameBytes) {
  const TemporaryFolder folder;
  DiskCacheOptions options;
  options.root = folder.path();
  DiskCache(options).store(key_, varied_entry(), {});
  cache().store(key_, varied_entry(), {});
  for (const auto& [ending, half] : {std::pair{".json", "meta"}, {".npz", "arrays"}}) {
    std::ifstream file(folder.path() / (key_.text() + ending), std::ios::binary);
    const std::string on_disk{std::istreambuf_iterator<char>(file), {}};
    EXPECT_TRUE(on_disk == ask({"GET", "phys-pipeline:0a1b:" + std::string(half)}).text()) << half;
  }
}

}  // namespace
}  // namespace neve
