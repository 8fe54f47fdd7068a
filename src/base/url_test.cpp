#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>

namespace neve {
namespace {

TEST(Url, PlainPathsNeedNoAuthority) {
  const Url url = Url::parse("disk:/var/cache/neve?budget=10GiB&ttl=6h");
  EXPECT_EQ(url.scheme, "disk");
  EXPECT_EQ(url.path, "/var/cache/neve");
  EXPECT_EQ(url.query.at("budget"), "10GiB");
  EXPECT_EQ(Url::parse("disk:.neve").path, ".neve");
}

TEST(Url, AuthorityIsTakenApart) {
  const Url url = Url::parse("REDISS://sim:p%40ss@cache.lab:6380/2?prefix=phys");
  EXPECT_EQ(url.scheme, "rediss");
  EXPECT_EQ(url.user, "sim");
  EXPECT_EQ(url.password, "p@ss");
  EXPECT_EQ(url.host, "cache.lab");
  EXPECT_EQ(url.port, 6380);
  EXPECT_EQ(url.path, "/2");
  EXPECT_EQ(Url::parse("redis://[::1]:7000").host, "::1");
}

TEST(Url, RedactedFormHidesThePassword) {
  EXPECT_EQ(Url::parse("redis://u:secret@h:1/0?a=b").redacted(), "redis://u:***@h:1/0?a=b");
  EXPECT_EQ(Url::parse("redis://h?password=secret").redacted(), "redis://h?password=***");
}

TEST(Url, AddressesOfIpv6StandInBrackets) {
  EXPECT_EQ(Url::parse("redis://user:secret@[fe80::1]").host, "fe80::1");
  for (const char* text :
       {"redis://u:secret@[::1", "redis://u:secret@::1", "redis://u:secret@[::1]7000", "redis://u:secret@[::1]x:7000",
        "redis://u:secret@::1:7000", "redis://u:secret@a:1:2", "redis://u:secret:a:1"}) {
    try {
      (void)Url::parse(text);
      ADD_FAILURE() << "accepted " << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("[::1]:6379"), std::string::npos) << text << ": " << error.what();
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << error.what();
    }
  }
}

TEST(Url, MistakesAreRefusedWithoutRepeatingSecrets) {
  for (const char* text : {"", "nokind", ":x", "redis://h:0", "redis://u:secret@h:99999", "disk:a?x", "disk:a?x=1&x=2",
                           "disk:%4", "disk:%zz"}) {
    try {
      (void)Url::parse(text);
      ADD_FAILURE() << "accepted '" << text << "'";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    }
  }
}

TEST(ByteSize, KnowsDecimalAndBinaryUnits) {
  EXPECT_EQ(parse_byte_size("1048576"), 1048576U);
  EXPECT_EQ(parse_byte_size("256MiB"), 256U << 20);
  EXPECT_EQ(parse_byte_size("1.5 GB"), 1500000000U);
  EXPECT_EQ(parse_byte_size("2k"), 2048U);
  for (const char* text : {"", "-1", "MiB", "1 parsec", "1e30TB", "nan"}) {
    EXPECT_THROW((void)parse_byte_size(text), Error) << text;
  }
}

TEST(Duration, KnowsItsUnits) {
  EXPECT_EQ(parse_duration("90"), std::chrono::seconds(90));
  EXPECT_EQ(parse_duration("1.5h"), std::chrono::minutes(90));
  EXPECT_EQ(parse_duration("250ms"), std::chrono::milliseconds(250));
  for (const char* wrong : {"soon", "-1s", "1e300", "nan"}) EXPECT_THROW((void)parse_duration(wrong), Error) << wrong;
}

}  // namespace
}  // namespace neve
