// What goes wrong and what the client is told. After each refused upload nothing of it is left.
#include <cerrno>
#include <span>
#include <gmock/gmock.h>

#include <neve/base/error.hpp>

#include "service_fixture.hpp"

namespace neve::service {
namespace {

using testing::HasSubstr;

class Problems : public ServiceFixture {
 protected:
  /// The type of the problem that uploading `content` is, after which the store is as empty as before.
  std::string refused(const std::string& content, const std::string& filename, const std::string& more = "") {
    const Answer answer = add(content, filename, more);
    EXPECT_GE(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.body.find("/proc/self"), std::string::npos) << answer.body;
    EXPECT_EQ(answer.body.find(folder_.path().string()), std::string::npos) << answer.body;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      EXPECT_TRUE(is_bookkeeping(entry)) << entry.path();
    }
    return answer.problem();
  }
};

/// A client during whose body the disk of the service fails.
class FailingDisk final : public Client {
 public:
  explicit FailingDisk(int number) : number_(number) {}
  [[nodiscard]] std::size_t read_body(std::span<std::byte>) override {
    throw io_error("cannot write '/store/secret/path'", number_);
  }
  [[nodiscard]] std::stop_token presence() override { return {}; }

 private:
  int number_;
};

/// gzip of "customer,revenue\n" and 2,000 times "customer number one,1234.56\n".
std::string gzipped() {
  constexpr std::string_view kBytes(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc9\xbb\x09\x80\x40\x14\x00\xc1\xdc\x2a\x2c\x40\x04\xbf\x05\x79\xbc"
      "\xf0\x4e\x50\xcf\xfa\x35\xb0\x0b\x27\x5a\xd8\x49\xf5\xbc\xf6\x1c\x47\x77\xc4\x1d\xa5\x46\x93\xbe\xd1\x96\x9a\xb7"
      "\x37\x7b\x89\x6e\x18\xa7\xb9\x5f\x56\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c"
      "\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18"
      "\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31"
      "\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63"
      "\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6\x18\x63\x8c\x31\xc6"
      "\x18\x63\x8c\xb1\x5f\xda\x03\xe2\x51\xc3\x18\xd1\xda\x00\x00",
      211);
  return std::string(kBytes);
}

TEST_F(Problems, AnUnknownDatasetIsNamedWithItsNeighbour) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer answer = analyse(kQuestion, "ordres");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.problem(), "unknown-dataset");
  EXPECT_THAT(answer.json()["detail"].get<std::string>(), HasSubstr("orders"));
  EXPECT_EQ(answer.json()["instance"], "/api/v1/datasets/ordres/analyses/concentration");
}

TEST_F(Problems, AnUnknownColumnComesWithTheNearestNameAndTheList) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer answer = analyse({{"group_by", "custmer"}, {"value", "revenue"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.problem(), "unknown-column");
  EXPECT_EQ(answer.json()["nearest"], "customer");
  EXPECT_EQ(answer.json()["columns"], (Json{"customer", "month", "revenue"}));
}

TEST_F(Problems, AnalysesThatCannotBeMadeSayWhy) {
  ASSERT_EQ(add("customer,revenue\na,1\nb,2\n", "plain.csv").status, 201);
  const auto problem = [&](const Json& question) { return analyse(question, "plain").problem(); };
  EXPECT_EQ(problem({{"group_by", "customer"}, {"value", "customer"}}), "not-numeric");
  EXPECT_EQ(problem({{"group_by", "customer"}, {"value", "revenue"}, {"grain", "month"}}), "no-time-column");
  EXPECT_EQ(problem({{"group_by", "customer"}, {"value", "revenue"}, {"thresholds", {0}}}), "invalid-threshold");
  EXPECT_EQ(problem({{"group_by", "customer"}, {"value", "revenue"}, {"thresholds", {100.5}}}), "invalid-threshold");
  EXPECT_EQ(problem({{"group_by", "customer"}, {"value", "revenue"}, {"filter", "revenue >"}}), "invalid-parameter");
  EXPECT_EQ(problem({{"group_by", "customer"}, {"value", "revenue"}, {"filtre", ""}}), "invalid-parameter");
  EXPECT_EQ(post("/api/v1/datasets/plain/analyses/concentration", "{").problem(), "bad-request");
  EXPECT_EQ(post("/api/v1/datasets/plain/analyses/concentration", "a=b",
                 {{"content-type", "application/x-www-form-urlencoded"}})
                .problem(),
            "unsupported-media-type");
  EXPECT_EQ(post("/api/v1/datasets/plain/analyses/concentration", "\x1F\x8B",
                 {{"content-type", "application/json"}, {"content-encoding", "gzip"}})
                .problem(),
            "unsupported-media-type");
  EXPECT_EQ(post("/api/v1/datasets/plain/analyses/concentration", std::string(70'000, ' ')).problem(), "too-large");
}

TEST_F(Problems, OfATotalThatIsNotPositiveThereAreNoShares) {
  ASSERT_EQ(add("customer,revenue\na,1\nb,-3\n", "loss.csv").status, 201);
  for (int i = 0; i < 2; ++i) {  // computed, and from the cache
    const Answer answer = analyse(kQuestion, "loss");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.problem(), "non-positive-total");
    EXPECT_EQ(answer.json()["total"], "-2");
  }
}

TEST_F(Problems, ATotalThatIsNotPositiveHidesNoPeriodThatIs) {
  ASSERT_EQ(add("customer,year,revenue\na,2023,10\nb,2023,20\na,2024,-100\nb,2024,5\n", "mixed.csv").status, 201);
  for (int i = 0; i < 2; ++i) {  // computed, and from the cache
    const Answer answer = analyse(kQuestion, "mixed");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json result = answer.json()["analysis"]["result"];
    ASSERT_EQ(result["by_period"].size(), 2U);
    EXPECT_EQ(result["by_period"][0]["entities"], 2);
    EXPECT_EQ(result["by_period"][0]["status"], "ok");
    EXPECT_EQ(result["by_period"][1]["reason"], "non_positive_total");
    EXPECT_EQ(result["totals"]["reason"], "non_positive_total");
  }
}

TEST_F(Problems, AQuestionThatSaysAThingTwiceIsNoQuestion) {
  ASSERT_EQ(add(kOrders).status, 201);
  const Answer answer = post("/api/v1/datasets/orders/analyses/concentration",
                             R"({"group_by": "month", "group_by": "customer", "value": "revenue"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("'group_by' is given twice"));
}

TEST_F(Problems, AFilterThatKeepsNothingIsNamed) {
  ASSERT_EQ(add(kOrders).status, 201);
  Json question = kQuestion;
  question["filter"] = "customer = 'nobody'";
  const Answer answer = analyse(question);
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, HasSubstr("passes the filter"));
}

TEST_F(Problems, FilesThatAreNoTables) {
  EXPECT_EQ(refused(std::string("\0\1\2\3", 4) + std::string(2000, '\0'), "noise.csv"), "not-a-table");
  EXPECT_EQ(refused("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "report.pdf"), "not-a-table");
  const std::string ole("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
  std::string stream;
  for (const char c : std::string_view("EncryptedPackage")) stream += {c, '\0'};
  EXPECT_EQ(refused(ole + std::string(4096, '\0') + stream, "secret.xlsx"), "encrypted-workbook");
  EXPECT_EQ(refused(ole + std::string(4096, '\0'), "old.xls"), "unsupported-content");
  EXPECT_THAT(add("\x89PNG\r\n", "chart.csv").json()["detail"].get<std::string>(), HasSubstr("'chart.csv'"));
  EXPECT_EQ(refused("a,b\n1,2\n", "o.csv", "&sheeet=1"), "invalid-parameter");
  for (const char* wrong : {"&sheet=1", "&encoding=koi8", "&header_row=99", "&type.zz=text", "&unpivot=true"}) {
    EXPECT_EQ(refused("a,b\n1,2\n", "o.csv", wrong), "invalid-parameter") << wrong;
  }
  EXPECT_EQ(refused("", "o.csv"), "bad-request");
}

TEST_F(Problems, AParameterThatIsNoneIsToldBeforeTheFileIsReceived) {
  const std::string table = "a,b\n" + std::string(5000, '1') + ",2\n";
  for (const char* wrong : {"filname=o.csv", "filename=o.csv&decimal=dot", "id=..", "id=o&id=p"}) {
    TextClient client(table);
    const Answer answer = ask(client, "POST", std::string("/api/v1/datasets?") + wrong);
    EXPECT_THAT(answer.problem(), testing::AnyOf("invalid-parameter", "bad-request")) << wrong;
    EXPECT_EQ(client.received(), 0U) << wrong;
  }
}

TEST_F(Problems, FilesThatAreTooLarge) {
  ServiceOptions options;
  options.max_upload_bytes = 1000;
  options.max_unpacked_bytes = 5000;
  open(options);
  EXPECT_EQ(refused(std::string(1001, 'a'), "o.csv"), "too-large");
  EXPECT_EQ(refused(gzipped(), "bomb.csv.gz"), "zip-bomb");
}

TEST_F(Problems, WorkThatMayUseTooLittleMemoryIsNotTheFaultOfWhoAsks) {
  ASSERT_EQ(add(kOrders).status, 201);
  ServiceOptions options;
  options.work_memory_bytes = 64 << 10;
  open(options);
  const Answer analysis = analyse(kQuestion);
  const Answer addition = add(kOrders + "Dee,2024-02,1\n", "other.csv");
  for (const Answer& answer : {analysis, addition}) {
    EXPECT_EQ(answer.status, 507);
    EXPECT_EQ(answer.problem(), "out-of-space");
    EXPECT_THAT(answer.body, HasSubstr("memory"));
    EXPECT_EQ(answer.header("Retry-After"), "") << "it would fail again";
  }
  EXPECT_THAT(log_, HasSubstr("a larger memory limit"));
}

TEST_F(Problems, FilesThatEndTooEarly) {
  const std::string whole = gzipped();
  EXPECT_EQ(refused(whole.substr(0, whole.size() - 20), "cut.csv.gz"), "truncated-upload");
}

TEST_F(Problems, ADiskThatTakesNothingIsToldWithoutItsPaths) {
  const auto answer_with = [this](int number) {
    FailingDisk client(number);
    TextClient text("a");
    Request request = request_of(text, "POST", "/api/v1/datasets?id=o");
    request.client = &client;
    Response response = service_->handle(request);
    Answer answer{response.status, response.headers, bytes_of(response.body)};
    service_->finished(&request, response, {});
    return answer;
  };
  open();
  const Answer full = answer_with(ENOSPC);
  EXPECT_EQ(full.status, 507);
  EXPECT_THAT(full.json()["detail"].get<std::string>(), HasSubstr("no room"));
  EXPECT_THAT(log_, HasSubstr("/store/secret/path"));
  const Answer read_only = answer_with(EROFS);
  EXPECT_EQ(read_only.status, 503);
  EXPECT_THAT(read_only.json()["detail"].get<std::string>(), HasSubstr("read only"));
  EXPECT_EQ((full.body + read_only.body).find("/store"), std::string::npos);
  EXPECT_EQ(answer_with(EIO).status, 500);
}

TEST_F(Problems, AStoreThatIsAwayIsNoEmptyOne) {
  ASSERT_EQ(add(kOrders).status, 201);
  const std::filesystem::path away = folder_.path() / "away";
  std::filesystem::rename(store_.root(), away);
  for (const bool other : {false, true}) {
    if (other) std::filesystem::create_directories(store_.root());  // a mount point
    const Answer ready = get("/readyz");
    EXPECT_EQ(ready.status, 503);
    EXPECT_EQ(ready.json()["status"], "store not there");
    EXPECT_EQ(get("/api/v1/datasets").problem(), "unavailable");
    EXPECT_EQ(get("/api/v1/datasets/orders").problem(), "unavailable");
    EXPECT_EQ(analyse(kQuestion).problem(), "unavailable");
    EXPECT_EQ(add(kOrders, "more.csv").problem(), "unavailable");
    EXPECT_EQ(std::filesystem::exists(store_.root()), other);
  }
  EXPECT_NE(log_.find("is not there, or is another"), std::string::npos);
  EXPECT_EQ(log_.find("is not there, or is another"), log_.rfind("is not there, or is another"));
  std::filesystem::remove_all(store_.root());
  std::filesystem::rename(away, store_.root());
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(analyse(kQuestion).status, 200);
}

TEST_F(Problems, TheLogSaysWhoSentWhatIsNoRequestAndWhy) {
  open();
  const Response response = service_->refuse(431, "the request's head is too long", "192.0.2.7");
  service_->finished(nullptr, response, {});
  const Json line = parse_json(log_);
  EXPECT_EQ(line["status"], 431);
  EXPECT_EQ(line["remote"], "192.0.2.7");
  EXPECT_EQ(line["detail"], "the request's head is too long");
}

TEST_F(Problems, PathsAndMethodsThatAreNone) {
  EXPECT_EQ(get("/api/v2/datasets").problem(), "not-found");
  TextClient client;
  const Answer answer = ask(client, "PATCH", "/api/v1/datasets");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, POST");
  EXPECT_EQ(get("/api/v1/datasets?limt=5").problem(), "invalid-parameter");
  EXPECT_EQ(get("/api/v1/datasets?limit=0").problem(), "invalid-parameter");
  EXPECT_EQ(get("/api/v1/datasets?limit=%zz").problem(), "bad-request");
}

}  // namespace
}  // namespace neve::service
