// What `neve doctor` finds out about real servers, healthy and not.
#include <sys/stat.h>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/redis_diagnosis.hpp>

#include "redis_fixture.hpp"
#include "support/certificates.hpp"
#include "support/scripted_server.hpp"
#include "support/test_data.hpp"

namespace neve {

void PrintTo(const RedisProblem& problem, std::ostream* out) {
  *out << "problem: " << problem.what << " remedy: " << problem.remedy;
}

namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string> kHealthy{"maxmemory 100mb", "maxmemory-policy allkeys-lru"};

std::vector<std::string> healthy_and(std::vector<std::string> more) {
  more.insert(more.begin(), kHealthy.begin(), kHealthy.end());
  return more;
}

std::vector<RedisProblem> problems_of(const std::string& url, TierAccess access = TierAccess::read_write) {
  RedisDiagnosis diagnosis = diagnose_redis(url, access);
  for (const auto& [name, value] : diagnosis.facts) EXPECT_THAT(value, Not(HasSubstr("hunter2"))) << name;
  for (const RedisProblem& problem : diagnosis.problems) {
    EXPECT_THAT(problem.what + problem.remedy, Not(HasSubstr("hunter2")));
    EXPECT_FALSE(problem.remedy.empty()) << problem.what;
  }
  return diagnosis.problems;
}

auto problem(const std::string& what, const std::string& remedy) {
  return AllOf(Field("what", &RedisProblem::what, HasSubstr(what)),
               Field("remedy", &RedisProblem::remedy, HasSubstr(remedy)));
}

TEST(RedisDoctor, AHealthyServerHasNoProblemsAndIsDescribed) {
  const RedisServer server(kHealthy);
  const RedisDiagnosis diagnosis = diagnose_redis(server.tcp_url(), TierAccess::read_write);
  EXPECT_THAT(diagnosis.problems, IsEmpty()) << (diagnosis.problems.empty() ? "" : diagnosis.problems[0].what);
  std::map<std::string, std::string> facts(diagnosis.facts.begin(), diagnosis.facts.end());
  EXPECT_EQ(facts["server"], server.address());
  EXPECT_EQ(facts["role"], "master");
  EXPECT_THAT(facts["version"], HasSubstr("."));
  EXPECT_THAT(facts["memory"], HasSubstr("100 MiB, allkeys-lru"));
  EXPECT_THAT(facts["round trip"], HasSubstr(" us"));
  EXPECT_THAT(facts["connecting"], HasSubstr(" us"));
  EXPECT_THAT(facts["large entries"], HasSubstr("'blobs'"));
}

TEST(RedisDoctor, NobodyAtTheAddress) {
  RedisServer server;
  server.kill();
  EXPECT_THAT(problems_of(server.tcp_url()), ElementsAre(problem("refused", "start the server")));
  EXPECT_THAT(problems_of(server.url()), ElementsAre(problem("cannot connect", "unixsocket")));
  EXPECT_THAT(problems_of("redis://no-such-host.invalid"),
              ElementsAre(problem("no-such-host.invalid", "correct the host")));
}

TEST(RedisDoctor, AServerThatDoesNotAnswer) {
  RedisServer server;
  server.hang();
  EXPECT_THAT(problems_of(server.tcp_url()), ElementsAre(problem("does not answer in time", "hangs")));
}

/// Takes 10 ms over every answer.
class DistantServer {
 public:
  [[nodiscard]] std::vector<RedisProblem> problems(const std::string& query) const {
    return problems_of("unix://" + server_.path() + "?password=pw&" + query, TierAccess::read_only);
  }

 private:
  ScriptedServer server_{[](ScriptedPeer& peer, int) {
                           for (std::string seen = peer.receive(); !seen.empty(); seen = peer.receive()) {
                             std::this_thread::sleep_for(std::chrono::milliseconds(10));
                             const bool info = seen.find("INFO") != std::string::npos;
                             peer.send(info ? "$22\r\nredis_version:7.0.15\r\n\r\n" : "+OK\r\n");
                           }
                         },
                         ScriptedServer::Connections::together};
};

TEST(RedisDoctor, ADistantServerIsMeasuredByTheTimesInTheUrl) {
  const DistantServer server;
  const auto round_trip = problem("a round trip takes", "say 'timeout=");
  const auto connecting = problem("a new connection takes", "say 'connect_timeout=");
  EXPECT_THAT(server.problems("timeout=10ms&connect_timeout=20s"),
              AllOf(Contains(round_trip), Not(Contains(connecting))));
  EXPECT_THAT(server.problems("timeout=20s&connect_timeout=5ms"),
              AllOf(Not(Contains(round_trip)), Contains(connecting)));
}

TEST(RedisDoctor, SomethingThatIsNotRedis) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    (void)peer.receive();
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  EXPECT_THAT(problems_of("unix://" + server.path()), ElementsAre(problem("no Redis server", "correct the port")));
}

TEST(RedisDoctor, WhatAnswersAndIsNoRedisIsGivenNoAdviceForOne) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    while (!peer.receive().empty()) peer.send("+OK\r\n");
  });
  EXPECT_THAT(problems_of("unix://" + server.path()),
              ElementsAre(problem("not as a Redis does", "correct the host and port")));
}

TEST(RedisDoctor, Passwords) {
  const RedisServer open(kHealthy);
  const RedisServer closed(healthy_and({"requirepass secret"}));
  EXPECT_THAT(problems_of(closed.tcp_url()), ElementsAre(problem("NOAUTH", "put one into the URL")));
  EXPECT_THAT(problems_of("redis://:hunter2@" + closed.address()),
              ElementsAre(problem("WRONGPASS", "correct the user name")));
  EXPECT_THAT(problems_of("redis://:hunter2@" + open.address()), ElementsAre(problem("AUTH", "leave it out")));
  EXPECT_THAT(problems_of(open.tcp_url("/99")), ElementsAre(problem("DB index", "number below")))
      << "the number of databases is limited";
}

TEST(RedisDoctor, MissingPermissionsAreNamedWithTheCommandThatGrantsThem) {
  const RedisServer server(healthy_and(
      {"user reader on >hunter2 ~phys-pipeline:* +mget +get +pttl", "user other on >hunter2 ~other:* +@all"}));
  const std::string reader = "redis://reader:hunter2@" + server.address();
  EXPECT_THAT(problems_of(reader),
              AllOf(Contains(problem("MULTI, EXEC, SET, DEL", "ACL SETUSER reader +multi +exec +set +del")),
                    Contains(problem("EVAL, which giving entries another expiry, copying results of farther tiers here",
                                     "+eval")),
                    Contains(problem("PEXPIRE", "+pexpire")),
                    Contains(problem("SCAN, STRLEN, DBSIZE", "+scan +strlen +dbsize"))));
  EXPECT_THAT(problems_of(reader, TierAccess::read_only), IsEmpty()) << "what the guide gives to readers is enough";
  EXPECT_THAT(problems_of("redis://other:hunter2@" + server.address()),
              ElementsAre(problem("keys that begin with 'phys-pipeline:'", "~phys-pipeline:*")));
}

TEST(RedisDoctor, TheUserOfTheGuideMayDoAllThatIsNeeded) {
  // As docs/guide/sharing-results.md has it.
  std::ifstream guide(test_data("../docs/guide/sharing-results.md"));
  std::string line;
  while (std::getline(guide, line) && line.find("user neve on >secret") == std::string::npos) {
  }
  const RedisServer server(healthy_and({line}));
  EXPECT_THAT(problems_of("redis://neve:secret@" + server.address()), IsEmpty());
}

TEST(RedisDoctor, EvictionPoliciesThatHurt) {
  EXPECT_THAT(problems_of(RedisServer().url()), ElementsAre(problem("no memory limit", "maxmemory")));
  EXPECT_THAT(problems_of(RedisServer({"maxmemory 100mb"}).url()), ElementsAre(problem("'noeviction'", "allkeys-lru")));
  const RedisServer volatile_lru({"maxmemory 100mb", "maxmemory-policy volatile-lru"});
  EXPECT_THAT(problems_of(volatile_lru.url()), ElementsAre(problem("without a TTL", "ttl=")));
  EXPECT_THAT(problems_of(volatile_lru.url("?ttl=1h")), IsEmpty());
  EXPECT_THAT(problems_of(RedisServer({"maxmemory 100mb", "maxmemory-policy allkeys-random"}).url()),
              ElementsAre(problem("'allkeys-random'", "allkeys-lru")));
}

TEST(RedisDoctor, AnInlineLimitBeyondWhatTheServerTakes) {
  const RedisServer server(healthy_and({"proto-max-bulk-len 2mb", "user writer on >pw ~* +@all -config"}));
  EXPECT_THAT(problems_of(server.url("?inline=10MiB")), ElementsAre(problem("takes values of 2.00 MiB", "inline=2")));
  EXPECT_THAT(problems_of(server.url("?inline=2MiB")), IsEmpty());
  EXPECT_THAT(problems_of(server.url("?inline=10MiB"), TierAccess::read_only), IsEmpty());
  EXPECT_THAT(problems_of("redis://writer:pw@" + server.address() + "?inline=10MiB"), IsEmpty());
  EXPECT_THAT(problems_of(RedisServer(kHealthy).url("?inline=1GiB")), IsEmpty()) << "more is never stored inline";
}

TEST(RedisDoctor, AFullServerRefusesStores) {
  const RedisServer server({"maxmemory 1"});
  EXPECT_THAT(problems_of(server.url()), Contains(problem("OOM", "maxmemory")));
}

TEST(RedisDoctor, AReplicaIsFineForReadingOnly) {
  const RedisServer master(kHealthy);
  const RedisServer replica(healthy_and({"replicaof 127.0.0.1 " + std::to_string(master.port())}));
  EXPECT_THAT(problems_of(replica.url()), Contains(problem("a replica of 127.0.0.1", "name the master")));
  EXPECT_THAT(problems_of(replica.url(), TierAccess::read_only),
              Not(Contains(Field("what", &RedisProblem::what, HasSubstr("replica")))));
}

TEST(RedisDoctor, ClustersAndSingleServersAreToldApart) {
  const RedisServer node(healthy_and({"cluster-enabled yes", "cluster-config-file nodes.conf"}), free_cluster_port());
  const RedisServer single(kHealthy);
  EXPECT_THAT(problems_of(node.tcp_url()), Contains(problem("node of a cluster", "redis+cluster")));
  EXPECT_THAT(problems_of("redis+cluster://" + single.address()),
              ElementsAre(problem("cluster support disabled", "'redis' instead of 'redis+cluster'")));
  EXPECT_THAT(problems_of("redis+cluster://" + node.address()),
              Contains(problem("16384 of the cluster's", "--cluster")));
}

TEST(RedisDoctor, Sentinels) {
  const RedisServer master(kHealthy);
  const RedisServer sentinel({"sentinel monitor mine 127.0.0.1 " + std::to_string(master.port()) + " 1"}, free_port(),
                             RedisServer::Role::sentinel);
  EXPECT_THAT(problems_of("redis+sentinel://" + sentinel.address() + "/mine"), IsEmpty());
  EXPECT_THAT(problems_of("redis+sentinel://" + sentinel.address() + "/yours"),
              ElementsAre(problem("knows no master 'yours'", "sentinel monitor")));
  EXPECT_THAT(problems_of("redis+sentinel://" + master.address() + "/mine"), ElementsAre(problem("refused", "26379")));
  EXPECT_THAT(problems_of(sentinel.tcp_url()), ElementsAre(problem("is a sentinel", "redis+sentinel://")));
}

TEST(RedisDoctor, SentinelsWithAPasswordOfTheirOwn) {
  const RedisServer master(healthy_and({"requirepass hunter2"}));
  const RedisServer sentinel({"sentinel monitor mine 127.0.0.1 " + std::to_string(master.port()) + " 1",
                              "sentinel auth-pass mine hunter2", "requirepass theirs"},
                             free_port(), RedisServer::Role::sentinel);
  const std::string url = "redis+sentinel://:hunter2@" + sentinel.address() + "/mine";
  EXPECT_THAT(problems_of(url + "?sentinel_password=theirs"), IsEmpty());
  EXPECT_THAT(problems_of(url), ElementsAre(problem("NOAUTH", "'sentinel_password='")));
  EXPECT_THAT(problems_of(url + "?sentinel_password=ours"), ElementsAre(problem("WRONGPASS", "'sentinel_password'")));
  try {
    (void)RedisCache(RedisOptions::from_url(url + "?timeout=20s&connect_timeout=20s")).lookup(Key("k"), {});
    FAIL() << "it was let in";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'sentinel_password='"));
  }
}

TEST(RedisDoctor, Tls) {
  const Certificates certificates;
  const int port = free_port();
  const RedisServer server(healthy_and(
      {"port 0", "tls-port " + std::to_string(port), "tls-cert-file " + certificates.path("server.crt"),
       "tls-key-file " + certificates.path("server.key"), "tls-ca-cert-file " + certificates.path("ca.crt")}));
  const std::string host = "localhost:" + std::to_string(port);
  const std::string ca = "ca=" + certificates.path("ca.crt");
  const std::string client = "&cert=" + certificates.path("client.crt") + "&key=" + certificates.path("client.key");
  EXPECT_THAT(problems_of("rediss://" + host + "?" + ca + client), IsEmpty());
  EXPECT_THAT(problems_of("rediss://" + host + "?" + ca), ElementsAre(problem("", "cert=FILE&key=FILE")));
  EXPECT_THAT(problems_of("rediss://" + host + "?prefix=p" + client),
              ElementsAre(problem("not accepted", "'ca=FILE'")));
  EXPECT_THAT(problems_of("rediss://" + host + "?sni=cache.example&" + ca + client),
              ElementsAre(problem("mismatch", "sni=NAME")));
  EXPECT_THAT(problems_of("rediss://" + host + "?verify=no" + client), ElementsAre(problem("anybody", "'ca'")));
  EXPECT_THAT(problems_of("redis://" + host), ElementsAre(problem("", "'rediss'")));
  const RedisServer plain(kHealthy);
  EXPECT_THAT(problems_of("rediss://" + plain.address()), ElementsAre(problem("", "'redis' instead of 'rediss'")));
}

TEST(RedisDoctor, ABlobFolderThatIsNotThere) {
  const RedisServer server(kHealthy);
  const TemporaryFolder folder;
  EXPECT_THAT(problems_of(server.url("?blobs=" + folder.path().string())), IsEmpty());
  EXPECT_THAT(problems_of(server.url("?blobs=" + (folder.path() / "gone").string())),
              ElementsAre(problem("no blob folder", "mount it")));
}

TEST(RedisDoctor, NothingIsLeftBehindByTheExamination) {
  const RedisServer server(kHealthy);
  (void)problems_of(server.url());
  const redis::Command size({"DBSIZE"}, 0);
  EXPECT_EQ(redis::make_client(RedisOptions::from_url(server.url("?timeout=20s")))->run({&size, 1}).front().integer, 0);
}

}  // namespace
}  // namespace neve
