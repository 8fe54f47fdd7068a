#include "cache/redis/doctor/server_info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::redis {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Pair;

RedisDiagnosis examined(std::string_view info) {
  RedisDiagnosis diagnosis;
  examine(ServerInfo(info), RedisOptions::from_url("redis://localhost"), TierAccess::read_write, diagnosis);
  return diagnosis;
}

// As Valkey 8.1.1 describes itself.
TEST(ServerInfo, ValkeyIsToldByItsOwnVersionAndModes) {
  const std::string head = "# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.1\r\n";
  const RedisDiagnosis sentinel = examined(head + "server_mode:sentinel\r\n");
  EXPECT_THAT(sentinel.facts, Contains(Pair("version", "Valkey 8.1.1")));
  EXPECT_THAT(sentinel.problems, ElementsAre(Field(&RedisProblem::what, HasSubstr("is a sentinel"))));
  EXPECT_THAT(examined(head + "server_mode:cluster\r\n").problems,
              Contains(Field(&RedisProblem::what, HasSubstr("node of a cluster"))));
}

TEST(ServerInfo, AVersionTooOldIsNamed) {
  const RedisDiagnosis old = examined("redis_version:4.0.9\r\nredis_mode:standalone\r\n");
  EXPECT_THAT(old.facts, Contains(Pair("version", "4.0.9")));
  EXPECT_THAT(old.problems, Contains(Field(&RedisProblem::what, HasSubstr("Redis 4.0.9, and neve is made for 5.0"))));
}

}  // namespace
}  // namespace neve::redis
