#include <neve/cache/redis_options.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace neve {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string refusal_of_url(const std::string& url) {
  SCOPED_TRACE(url);
  return refusal_of([&] { return RedisOptions::from_url(url); });
}

TEST(RedisOptions, PlainUrlMeansAPhysPipelineCache) {
  const auto options = RedisOptions::from_url("redis://cache.example");
  ASSERT_EQ(options.endpoints.size(), 1U);
  EXPECT_EQ(options.endpoints[0], (RedisEndpoint{"cache.example", 6379, ""}));
  EXPECT_EQ(options.prefix, "phys-pipeline");
  EXPECT_EQ(options.key_style, RedisKeyStyle::plain);
  EXPECT_EQ(options.inline_limit, 1U << 20);
  EXPECT_FALSE(options.ttl);
}

TEST(RedisOptions, EverySettingHasItsPlaceInTheUrl) {
  const auto options = RedisOptions::from_url(
      "rediss://ann:p%40ss@h:7000/3?prefix=lab&ttl=6h&inline=256KiB&blobs=/srv/"
      "blobs&timeout=250ms&connect_timeout=1s&ca=/ca.pem"
      "&cert=/c.pem&key=/k.pem&sni=redis.lab&rate=1MiB&tags=yes");
  EXPECT_EQ(options.user, "ann");
  EXPECT_EQ(options.password, "p@ss");
  EXPECT_EQ(options.endpoints[0].port, 7000);
  EXPECT_EQ(options.database, 3);
  EXPECT_EQ(options.prefix, "lab");
  EXPECT_EQ(options.ttl, std::chrono::hours(6));
  EXPECT_EQ(options.inline_limit, 256U << 10);
  EXPECT_EQ(options.blob_folder, "/srv/blobs");
  EXPECT_EQ(options.operation_timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(options.connect_timeout, std::chrono::seconds(1));
  EXPECT_EQ(options.tls.use, TlsUse::on);
  EXPECT_EQ(options.tls.verification, TlsVerification::full);
  EXPECT_EQ(options.tls.server_name, "redis.lab");
  EXPECT_EQ(options.key_style, RedisKeyStyle::tagged);
}

TEST(RedisOptions, UnixSocketsSentinelsAndClustersAreUnderstood) {
  const auto socket = RedisOptions::from_url("unix:///run/redis.sock?db=2&password=secret");
  EXPECT_EQ(socket.endpoints[0].unix_path, "/run/redis.sock");
  EXPECT_EQ(socket.database, 2);
  const auto sentinel = RedisOptions::from_url("redis+sentinel://:pw@a,b:26380,[::1]:5/mymaster/1?sentinel_password=s");
  ASSERT_EQ(sentinel.endpoints.size(), 3U);
  EXPECT_EQ(sentinel.endpoints[0].text(), "a:26379");
  EXPECT_EQ(sentinel.endpoints[1].text(), "b:26380");
  EXPECT_EQ(sentinel.endpoints[2].text(), "[::1]:5");
  EXPECT_EQ(sentinel.master_name, "mymaster");
  EXPECT_EQ(sentinel.database, 1);
  const auto cluster = RedisOptions::from_url("redis+cluster://a:7001,b:7002");
  EXPECT_EQ(cluster.topology, RedisTopology::cluster);
  EXPECT_EQ(cluster.key_style, RedisKeyStyle::tagged);
}

TEST(RedisOptions, MistakesAreNamedWithTheirRemedy) {
  EXPECT_THAT(refusal_of_url("redis://h?prefx=a"), HasSubstr("did you mean 'prefix'"));
  EXPECT_THAT(refusal_of_url("redis://h?flght=off"), HasSubstr("did you mean 'flight'"));
  EXPECT_THAT(refusal_of_url("rediss+clutser://h"), HasSubstr("did you mean 'rediss+cluster'"));
  EXPECT_THAT(refusal_of_url("redis://h?ttl=0"), HasSubstr("ttl"));
  EXPECT_THAT(refusal_of_url("redis://h/mydb"), HasSubstr("mydb"));
  EXPECT_THAT(refusal_of_url("redis://"), HasSubstr("host"));
  EXPECT_THAT(refusal_of_url("redis://a,b"), HasSubstr("redis+cluster"));
  EXPECT_THAT(refusal_of_url("redis+clster://a"), HasSubstr("redis+cluster"));
  EXPECT_THAT(refusal_of_url("redis://h?ca=/ca.pem"), HasSubstr("rediss"));
  EXPECT_THAT(refusal_of_url("rediss://h?cert=/c.pem"), HasSubstr("key"));
  EXPECT_THAT(refusal_of_url("redis+cluster://h/1"), HasSubstr("database 0"));
  EXPECT_THAT(refusal_of_url("redis+cluster://h?tags=no"), HasSubstr("slot"));
  EXPECT_THAT(refusal_of_url("redis+sentinel://h"), HasSubstr("mymaster"));
  EXPECT_THAT(refusal_of_url("redis://h?prefix=a{b"), HasSubstr("prefix"));
}

TEST(RedisOptions, WhatIsSaidTwiceIsRefused) {
  EXPECT_THAT(refusal_of_url("redis://h/1?db=2"), HasSubstr("db twice"));
  EXPECT_THAT(refusal_of_url("redis+sentinel://h/m/0?db=2"), HasSubstr("db twice"));
  EXPECT_THAT(refusal_of_url("redis://ann:a@h?user=bob"), HasSubstr("user twice"));
  EXPECT_THAT(refusal_of_url("redis://:a@h?password=b"), HasSubstr("password twice"));
  EXPECT_EQ(RedisOptions::from_url("redis://h?db=2&user=ann&password=a").database, 2);
}

TEST(RedisOptions, AnUnescapedSlashInAPasswordIsNamed) {
  for (const char* url : {"redis://ann:hun/ter2@h:1", "redis://:1/hunter2@h", "redis+sentinel://ann:a/b@h/m"}) {
    EXPECT_THAT(refusal_of_url(url), HasSubstr("write %2F for '/'")) << url;
  }
}

TEST(RedisOptions, AnUnescapedQuestionMarkInAPasswordIsNamed) {
  for (const char* url : {"redis://ann:12?part=x@h", "redis://ann:12?part=x@h/0?prefix=p", "redis://ann:12?x@h=part",
                          "redis://ann:12?ttl=1h&part=x@h"}) {
    EXPECT_THAT(refusal_of_url(url), HasSubstr("%3F for '?'")) << url;
    EXPECT_THAT(refusal_of_url(url), Not(HasSubstr("part"))) << url;
  }
  EXPECT_THAT(refusal_of_url("redis://h?blobs=/a@b&prefx=p"), HasSubstr("did you mean 'prefix'"));
}

TEST(RedisOptions, SecretsAreNeverPrinted) {
  EXPECT_THAT(refusal_of_url("redis://ann:hunter2@h?nonsense=1"), Not(HasSubstr("hunter2")));
  EXPECT_THAT(refusal_of_url("redis://ann:hunter2@h:port"), Not(HasSubstr("hunter2")));
  const auto options = RedisOptions::from_url("rediss+sentinel://ann:hunter2@h,i/m?sentinel_password=hunter3");
  EXPECT_EQ(options.description(), "rediss+sentinel://ann@h:26379,i:26379/m");
}

}  // namespace
}  // namespace neve
