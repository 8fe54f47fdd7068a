// Who may come in: passwords, ACL users, TLS with and without client certificates.
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/open_flight.hpp>
#include <neve/cache/redis_flight.hpp>
#include <neve/cache/refused.hpp>

#include "redis_fixture.hpp"
#include "support/redis_tls_server.hpp"
#include "support/test_data.hpp"

namespace neve {
namespace {

using testing::HasSubstr;
using testing::Not;

RedisCache patient(const std::string& url) {
  RedisOptions options = RedisOptions::from_url(url);
  options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
  return RedisCache(options);
}

std::string failure_of(RedisCache cache) {
  try {
    (void)cache.lookup(Key("k"), {});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    return error.what();
  }
  ADD_FAILURE() << "was let in";
  return {};
}

void expect_works(RedisCache cache) {
  EXPECT_TRUE(cache.store(Key("k"), sample_entry(), {}).stored);
  EXPECT_TRUE(cache.lookup(Key("k"), {}).hit());
}

TEST(RedisAccess, ThePasswordIsNeeded) {
  const RedisServer server({"requirepass hunter2"});
  const std::string host = server.address();
  expect_works(patient("redis://:hunter2@" + host));
  EXPECT_THAT(failure_of(patient("redis://" + host)), HasSubstr("put one into the URL"));
  const std::string wrong = failure_of(patient("redis://:hunter3@" + host));
  EXPECT_THAT(wrong, HasSubstr("password is wrong"));
  EXPECT_THAT(wrong, Not(HasSubstr("hunter3")));
}

TEST(RedisAccess, UsersOfOneMachineWhoShareAServerExcludeEachOther) {
  const std::string one = "redis://ann:secret@127.0.0.1:1";
  const std::string two = "redis://bob:hidden@127.0.0.1:1";
  const auto lease = open_flight(one, *open_cache(one))->try_acquire(Key("k"));
  ASSERT_TRUE(lease);
  EXPECT_FALSE(open_flight(two, *open_cache(two))->try_acquire(Key("k")));
}

/// The line of docs/guide/sharing-results.md that grants a user what a cache needs.
std::string acl_line_of_the_guide() {
  std::ifstream guide(test_data("../docs/guide/sharing-results.md"));
  std::string line;
  while (std::getline(guide, line)) {
    if (const auto at = line.find("user neve on >secret"); at != std::string::npos) return line.substr(at);
  }
  return "the guide has lost its ACL line";
}

TEST(RedisAccess, AUserWithThePermissionsOfTheGuideMayDoEverything) {
  const RedisServer server({"user default off", acl_line_of_the_guide()});
  const TemporaryFolder blobs;
  const std::string url = "redis://neve:secret@" + server.address() + "?inline=4KiB&blobs=" + blobs.path().string();
  expect_works(patient(url));
  RedisCache cache = patient(url);
  EXPECT_TRUE(cache.store(Key("large"), sample_entry(10'000), {}).stored);
  EXPECT_TRUE(cache.contains(Key("large")));
  EXPECT_TRUE(cache.touch(Key("k"), Clock::system().now() + std::chrono::hours(1)));
  EXPECT_EQ(cache.usage().entries, 2U);
  EXPECT_EQ(cache.collect_blobs(std::chrono::seconds(-1)).kept, 1U);
  EXPECT_TRUE(cache.erase(Key("k")));
  RedisOptions options = RedisOptions::from_url(url);
  options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
  RedisFlight flight(options, nullptr, std::chrono::milliseconds(150));
  const auto lease = flight.try_acquire(Key("k"));
  StoreOptions fenced;
  fenced.lease_token = lease->token();
  EXPECT_NE(fenced.lease_token, "");  // a lease of the server's, not one for want of it
  EXPECT_TRUE(cache.store(Key("k"), sample_entry(), fenced).stored);
  // Extended by the heart beat, which needs a permission of its own.
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_FALSE(RedisFlight(options).try_acquire(Key("k")));
}

TEST(RedisAccess, AReaderWithThePermissionsOfTheGuideFindsEverything) {
  const RedisServer server({"user reader on >pw ~phys-pipeline:* +mget +get +pttl"});
  expect_works(patient("redis://" + server.address()));
  RedisCache reader = patient("redis://reader:pw@" + server.address());
  EXPECT_TRUE(reader.lookup(Key("k"), {}).hit());
  EXPECT_TRUE(reader.contains(Key("k")));
  EXPECT_EQ(reader.lookup(Key("other"), {}).reason, MissReason::absent);
}

TEST(RedisAccess, AMissingPermissionIsNamed) {
  const RedisServer server({"user reader on >pw ~* +mget"});
  RedisCache cache = patient("redis://reader:pw@" + server.address());
  EXPECT_EQ(cache.lookup(Key("k"), {}).reason, MissReason::absent);
  try {
    cache.store(Key("k"), sample_entry(), {});
    FAIL() << "stored without permission";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.kind(), "NOPERM");
  }
}

TEST(RedisAccess, WhoMayNotRunScriptsIsToldWhatTouchNeedsAndLosesNothing) {
  const RedisServer server({"user writer on >pw ~* +@all -eval"});
  RedisCache cache = patient("redis://writer:pw@" + server.address());
  expect_works(patient("redis://writer:pw@" + server.address()));
  try {
    cache.touch(Key("k"), std::nullopt);
    FAIL() << "touched without permission";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.kind(), "NOPERM");
    EXPECT_THAT(error.what(), HasSubstr("eval"));
  }
  EXPECT_TRUE(cache.lookup(Key("k"), {}).hit());
}

TEST(RedisAccess, WhoMayNotRunScriptsTakesNoLeaseThatNobodyCouldGiveUp) {
  const RedisServer server({"user writer on >pw ~* +@all -eval"});
  RedisOptions options = RedisOptions::from_url("redis://writer:pw@" + server.address());
  options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
  RedisCache cache(options);
  RedisFlight flight(options);
  const auto compute = [] {
    Computed computed;
    computed.entry = sample_entry();
    return computed;
  };
  EXPECT_TRUE(compute_once(cache, flight, Key("k"), compute).store.stored);
  EXPECT_TRUE(flight.try_acquire(Key("other")));
  EXPECT_TRUE(flight.try_acquire(Key("other")));
}

TEST(RedisAccess, DatabasesAreApart) {
  const RedisServer server;
  expect_works(patient(server.tcp_url("/3")));
  EXPECT_FALSE(patient(server.tcp_url("/4")).contains(Key("k")));
  EXPECT_THAT(failure_of(patient(server.tcp_url("/99"))), HasSubstr("DB index"));
}

class RedisTlsTest : public testing::Test, protected RedisTlsServer {};

TEST_F(RedisTlsTest, BothSidesShowTheirCertificates) {
  expect_works(patient(url("localhost", ca() + client())));
  expect_works(patient(url("127.0.0.1", ca() + client())));
}

TEST_F(RedisTlsTest, ALargeEntryTravelsOverTls) {
  RedisCache cache = patient(url("localhost", ca() + client() + "&inline=64MiB"));
  const Entry large = sample_entry(1'000'000);
  EXPECT_TRUE(cache.store(Key("k"), large, {}).stored);
  const LookupResult found = cache.lookup(Key("k"), {});
  ASSERT_TRUE(found.hit()) << found.detail;
  EXPECT_TRUE(same(*found.entry, large));
}

TEST_F(RedisTlsTest, AServerThatWantsACertificateSaysSo) {
  EXPECT_THAT(failure_of(patient(url("localhost", ca()))), HasSubstr("certificate"));
}

TEST_F(RedisTlsTest, AnUnknownAuthorityIsNotTrusted) {
  EXPECT_THAT(failure_of(patient(url("localhost", "ca=" + certificates_.path("other.crt") + client()))),
              HasSubstr("certificate"));
  EXPECT_THAT(failure_of(patient(url("localhost", "prefix=p" + client()))), HasSubstr("certificate"));
}

TEST_F(RedisTlsTest, AFileThatCannotBeUsedIsNamedWithWhatIsWrong) {
  const auto refusal = [&](const std::string& query) {
    try {
      (void)patient(url("localhost", query));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  const std::string cert = "&cert=" + certificates_.path("client.crt");
  EXPECT_THAT(refusal("ca=" + certificates_.path("nowhere")), HasSubstr("nowhere' as the file of certificate"));
  EXPECT_THAT(refusal("ca=" + certificates_.path("nowhere")), HasSubstr("No such file"));
  EXPECT_THAT(refusal(ca() + cert + "&key=" + certificates_.path("nowhere")), HasSubstr("No such file"));
  EXPECT_THAT(refusal(ca() + cert + "&key=" + certificates_.path("ca.key")), HasSubstr("mismatch"));
  // Without asking on the terminal.
  EXPECT_THAT(refusal(ca() + cert + "&key=" + certificates_.path("encrypted.key")), HasSubstr("is encrypted"));
}

TEST_F(RedisTlsTest, TheNameMustMatch) {
  EXPECT_THAT(failure_of(patient(url("localhost", ca() + client() + "&sni=cache.example"))), HasSubstr("mismatch"));
  expect_works(patient(url("127.0.0.1", ca() + client() + "&sni=localhost")));
}

TEST_F(RedisTlsTest, VerificationCanBeGivenUpOnPurpose) {
  expect_works(patient(url("localhost", "verify=no" + client())));
}

TEST_F(RedisTlsTest, AServerKilledWhileIdleIsFoundAgain) {
  RedisCache cache = patient(url("localhost", ca() + client()));
  EXPECT_TRUE(cache.store(Key("k"), sample_entry(), {}).stored);
  server_.kill();
  server_.start();
  EXPECT_EQ(cache.lookup(Key("k"), {}).reason, MissReason::absent);
}

TEST_F(RedisTlsTest, PlainTextToATlsPortIsAnError) {
  EXPECT_NE(failure_of(patient("redis://127.0.0.1:" + std::to_string(port_))), "");
}

TEST_F(RedisTlsTest, AFileThatIsNoCertificateIsNamedAtOnce) {
  try {
    RedisCache cache = patient(url("localhost", "ca=/nonexistent/ca.pem"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/ca.pem"));
  }
}

}  // namespace
}  // namespace neve
