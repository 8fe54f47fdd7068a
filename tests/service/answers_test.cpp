#include <atomic>
#include <fstream>
#include <thread>
#include <gmock/gmock.h>

#include "service_fixture.hpp"

namespace neve::service {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Answers : public ServiceFixture {};

TEST_F(Answers, ADatasetIsAddedListedDescribedAndRemoved) {
  const Answer added = add(kOrders);
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(added.header("Location"), "/api/v1/datasets/orders");
  EXPECT_EQ(added.json()["dataset"]["id"], "orders");
  EXPECT_EQ(added.json()["dataset"]["rows"], 5);
  EXPECT_EQ(added.json()["dataset"]["generation"], 1);
  EXPECT_EQ(added.json()["changed"], true);
  EXPECT_EQ(get("/api/v1/datasets").json()["datasets"][0]["id"], "orders");
  EXPECT_EQ(get("/api/v1/datasets/orders").json()["id"], "orders");
  const Json schema = get(added.json()["dataset"]["links"]["schema"].get<std::string>()).json();
  EXPECT_EQ(schema["columns"][0]["name"], "customer");
  EXPECT_EQ(get("/api/v1/datasets/orders/lineage").status, 200);
  EXPECT_EQ(remove("/api/v1/datasets/orders").status, 204);
  EXPECT_EQ(get("/api/v1/datasets/orders").status, 404);
  EXPECT_EQ(remove("/api/v1/datasets/orders").problem(), "unknown-dataset");
}

TEST_F(Answers, KnownContentChangesNothingAndNewContentIsANewGeneration) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer again = add(kOrders);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json()["changed"], false);
  EXPECT_EQ(again.json()["dataset"]["generation"], 1);
  const Answer other = add(kOrders + "Dee,2024-02,1\n");
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(other.json()["replaced"], true);
  EXPECT_EQ(other.json()["dataset"]["generation"], 2);
}

TEST_F(Answers, AColumnAskedForByItsHeaderIsThatColumn) {
  ASSERT_EQ(add("k,Amount ($),amount\na,$1,100\nb,$2,200\n", "orders.csv", "&type.amount=decimal").status, 201);
  const auto total = [&](const std::string& value, const std::string& filter = "") {
    const Answer answer = analyse({{"group_by", "k"}, {"value", value}, {"filter", filter}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json()["analysis"]["result"]["totals"]["total"].dump();
  };
  EXPECT_EQ(total("amount"), "300");
  EXPECT_EQ(total("amount", "amount > 100"), "200");
  EXPECT_EQ(total("Amount ($)"), "3");
  EXPECT_EQ(total("amount_2"), "3");
  const Answer twice = add("k,V\na,1\n", "v.csv", "&type.V=text&type.v=integer");
  EXPECT_EQ(twice.status, 422);
  EXPECT_EQ(twice.problem(), "invalid-parameter");
}

TEST_F(Answers, TablesWithoutANameDoNotReplaceEachOther) {
  const Answer one = post("/api/v1/datasets", kOrders);
  const Answer other = post("/api/v1/datasets", kOrders + "Dee,2024-02,1\n");
  ASSERT_EQ(one.status, 201) << one.body;
  ASSERT_EQ(other.status, 201) << other.body;
  EXPECT_THAT(one.json()["dataset"]["id"].get<std::string>(), StartsWith("upload-"));
  EXPECT_EQ(post("/api/v1/datasets", kOrders).json()["dataset"]["id"], one.json()["dataset"]["id"]);
  EXPECT_EQ(get("/api/v1/datasets").json()["datasets"].size(), 2U);
}

TEST_F(Answers, AFormSaysHowToReadItsFile) {
  const std::string body =
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\na;n\r\nx;1,5\r\ny;2,5\r\n\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nmine\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"delimiter\"\r\n\r\n;\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"decimal\"\r\n\r\n,\r\n--B--\r\n";
  const Answer added = post("/api/v1/datasets", body, {{"content-type", "multipart/form-data; boundary=B"}});
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(added.json()["dataset"]["id"], "mine");
  const Answer answer = analyse({{"group_by", "a"}, {"value", "n"}}, "mine");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("\"total\": 4"));
}

TEST_F(Answers, TheListComesInPages) {
  for (const char* name : {"c.csv", "a.csv", "b.csv"}) ASSERT_EQ(add(kOrders, name).status, 201);
  const Json first = get("/api/v1/datasets?limit=2").json();
  ASSERT_EQ(first["datasets"].size(), 2U);
  EXPECT_EQ(first["datasets"][0]["id"], "a");
  const Json second = get(first["next"].get<std::string>()).json();
  ASSERT_EQ(second["datasets"].size(), 1U);
  EXPECT_EQ(second["datasets"][0]["id"], "c");
  EXPECT_FALSE(second.contains("next"));
}

TEST_F(Answers, AnAnalysisIsComputedOnceAndThenInTheCache) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer first = analyse(kQuestion);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.header("X-Cache"), "miss");
  EXPECT_EQ(first.header("X-Cache-Tier"), "computed");
  EXPECT_THAT(first.header("Server-Timing"), AllOf(HasSubstr("cache;dur="), HasSubstr("compute;dur=")));
  const Answer second = analyse(kQuestion);
  EXPECT_EQ(second.header("X-Cache"), "hit");
  EXPECT_EQ(second.header("X-Cache-Tier"), "memory");
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(first.json()["generation"], 1);
  EXPECT_THAT(log_, AllOf(HasSubstr("\"cache\":\"miss\""), HasSubstr("\"cache\":\"hit\"")));
  EXPECT_EQ(analyse(kQuestion, "orders", {{"cache-control", "no-cache"}}).header("X-Cache"), "bypass");
}

TEST_F(Answers, AnAnswerStaysInTheCacheAsLongAsTheServiceIsTold) {
  ServiceOptions options;
  options.analysis_ttl = dataset::AnalysisTtlOptions::at_most(std::chrono::seconds(100));
  open(options);
  ASSERT_EQ(add(kOrders).status, 201);
  EXPECT_EQ(analyse(kQuestion).status, 200);
  clock_.advance(std::chrono::seconds(99));
  EXPECT_EQ(analyse(kQuestion).header("X-Cache"), "hit");
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(analyse(kQuestion).header("X-Cache-Tier"), "artifact");
}

TEST_F(Answers, AnAnalysisIsComputedAgainIfAnyLineOfCacheControlSaysSo) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer answer = analyse(kQuestion, "orders", {{"cache-control", "private"}, {"cache-control", "no-cache"}});
  EXPECT_EQ(answer.header("X-Cache"), "bypass");
}

TEST_F(Answers, CacheControlIsReadAsAListOfDirectives) {
  ASSERT_EQ(add(kOrders).status, 201);
  ASSERT_EQ(analyse(kQuestion).status, 200);
  EXPECT_EQ(analyse(kQuestion, "orders", {{"cache-control", "max-age=0"}}).header("X-Cache"), "bypass");
  for (const char* other : {"max-age=60", "x-no-cache", "note=\"a, no-cache\""}) {
    EXPECT_EQ(analyse(kQuestion, "orders", {{"cache-control", other}}).header("X-Cache"), "hit") << other;
  }
}

TEST_F(Answers, AnotherInstanceFindsTheArtifacts) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer first = analyse(kQuestion);
  open();  // with an empty cache
  const Answer second = analyse(kQuestion);
  EXPECT_EQ(second.header("X-Cache"), "miss");
  EXPECT_EQ(second.header("X-Cache-Tier"), "artifact");
  EXPECT_EQ(second.body, first.body);
  open({}, "none:");
  EXPECT_EQ(analyse(kQuestion).body, first.body);
}

TEST_F(Answers, ANewUploadIsAnsweredFromItsOwnRows) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer before = analyse(kQuestion);
  ASSERT_EQ(add(kOrders + "Ada,2024-02,1000\n").status, 200);
  const Answer after = analyse(kQuestion);
  EXPECT_EQ(after.header("X-Cache"), "miss");
  EXPECT_EQ(after.json()["generation"], 2);
  EXPECT_NE(after.json()["analysis"], before.json()["analysis"]);
}

TEST_F(Answers, ArtifactsAreDownloadedWholeInPartOrNotAtAll) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Json links = analyse(kQuestion).json()["artifacts"];
  ASSERT_EQ(links.size(), 3U);
  const std::string path = links["csv"];
  const Answer whole = get(path);
  ASSERT_EQ(whole.status, 200) << whole.body;
  EXPECT_THAT(whole.header("Content-Type"), StartsWith("text/csv"));
  EXPECT_THAT(whole.header("Content-Disposition"), HasSubstr("orders-concentration.csv"));
  const std::string etag = whole.header("ETag");
  EXPECT_EQ(etag.size(), 66U);
  EXPECT_EQ(get(path, {{"if-none-match", etag}}).status, 304);
  const Answer part = get(path, {{"range", "bytes=2-5"}, {"if-range", etag}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, whole.body.substr(2, 4));
  EXPECT_EQ(part.header("Content-Range"), "bytes 2-5/" + std::to_string(whole.body.size()));
  const Answer beyond = get(path, {{"range", "bytes=99999999-"}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.header("Content-Range"), "bytes */" + std::to_string(whole.body.size()));
  EXPECT_EQ(get(path, {{"range", "bytes=999999-"}}).problem(), "range-not-satisfiable");
  EXPECT_EQ(get(path, {{"if-match", "\"other\""}}).status, 412);
  EXPECT_EQ(get(links["json"]).json(), analyse(kQuestion).json()["analysis"]);
  EXPECT_THAT(get(links["xlsx"]).body, StartsWith("PK"));
}

TEST_F(Answers, AnArtifactHasOneAddress) {
  ASSERT_EQ(add(kOrders).status, 201);
  const std::string path = analyse(kQuestion).json()["artifacts"]["csv"];
  ASSERT_EQ(get(path).status, 200);
  std::string other = path;
  other.replace(other.find("-g1/"), 4, "-g01/");
  EXPECT_EQ(get(other).problem(), "unknown-artifact");
}

TEST_F(Answers, AnArtifactThatIsDamagedIsNotServedAndTheAnswerIsMadeAgain) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer first = analyse(kQuestion);
  const std::string csv = first.json()["artifacts"]["csv"];
  const std::string good = get(csv).body;
  for (const auto& item : std::filesystem::recursive_directory_iterator(store_.root() / "datasets")) {
    if (item.path().filename() == "concentration.csv") std::ofstream(item.path()) << std::string(good.size(), '7');
  }
  const Answer damaged = get(csv);
  EXPECT_EQ(damaged.status, 404);
  EXPECT_EQ(damaged.problem(), "unknown-artifact");
  EXPECT_EQ(analyse(kQuestion).header("X-Cache"), "miss");
  EXPECT_EQ(get(csv).body, good);
}

TEST_F(Answers, IdenticalRequestsAtOnceAreOneComputation) {
  std::string content = "customer,revenue\n";
  for (int i = 0; i < 20'000; ++i)
    content += "c" + std::to_string(i * 7919 % 5003) + "," + std::to_string(i % 97 + 1) + "\n";
  ASSERT_EQ(add(content).status, 201);
  std::vector<Answer> answers(8);
  {
    std::vector<std::jthread> clients;
    for (Answer& answer : answers) {
      clients.emplace_back([&] {
        TextClient client(kQuestion.dump());
        const Request request = request_of(client, "POST", "/api/v1/datasets/orders/analyses/concentration");
        const Response response = service_->handle(request);
        answer = {response.status, response.headers, bytes_of(response.body)};
      });
    }
  }
  for (const Answer& answer : answers) {
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, answers[0].body);
  }
  EXPECT_THAT(get("/metrics").body, HasSubstr("neve_analyses_total{source=\"computed\"} 1\n"));
}

TEST_F(Answers, ALeavingClientStopsItsAnalysisAndSpoilsNothing) {
  ASSERT_EQ(add(kOrders).status, 201);
  TextClient client(kQuestion.dump());
  client.leave();
  EXPECT_EQ(ask(client, "POST", "/api/v1/datasets/orders/analyses/concentration").status, 499);
  EXPECT_EQ(analyse(kQuestion).status, 200);
}

TEST_F(Answers, ALeavingClientStopsItsUploadAndLeavesNothing) {
  TextClient client(kOrders);
  client.leave();
  EXPECT_EQ(ask(client, "POST", "/api/v1/datasets?id=other").status, 499);
  EXPECT_EQ(get("/api/v1/datasets/other").status, 404);
  EXPECT_EQ(add(kOrders, "other.csv").status, 201);
}

TEST_F(Answers, AnAdditionThatIsStoppedBecauseTheServiceEndsIsToldSo) {
  open();
  service_->drain();
  TextClient client(kOrders);
  client.leave();
  const Answer answer = ask(client, "POST", "/api/v1/datasets?id=other");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.problem(), "unavailable");
  EXPECT_EQ(answer.header("Retry-After"), "5");
}

TEST_F(Answers, TheServiceTellsHowItIs) {
  open();
  EXPECT_EQ(get("/healthz").json()["status"], "ok");
  EXPECT_EQ(get("/readyz").json()["status"], "ready");
  EXPECT_EQ(get("/openapi.json").json()["openapi"], "3.1.0");
  EXPECT_THAT(get("/metrics").body, AllOf(HasSubstr("neve_http_requests_total{route=\"healthz\",status=\"200\"} 1"),
                                          HasSubstr("neve_cache_")));
  EXPECT_EQ(get("/healthz", {{"x-request-id", "abc-1"}}).header("X-Request-Id"), "abc-1");
  EXPECT_EQ(get("/healthz", {{"x-request-id", "no\"good"}}).header("X-Request-Id").size(), 16U);
  service_->drain();
  EXPECT_EQ(get("/readyz").json()["status"], "draining");
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/healthz").status, 200);
}

}  // namespace
}  // namespace neve::service
