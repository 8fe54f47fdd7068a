#include <gmock/gmock.h>

#include <neve/service/key_file.hpp>

#include "service_fixture.hpp"

namespace neve::service {
namespace {

using testing::HasSubstr;

class Access : public ServiceFixture {
 protected:
  void open_with_key() {
    key_ = KeyFile(folder_.path() / "keys").add("ci");
    ServiceOptions options;
    options.key_file = folder_.path() / "keys";
    open(options);
  }
  std::vector<Header> with_key() const { return {{"authorization", "Bearer " + key_}}; }

  /// A dataset, an answer about it, and the address of one of its artifacts.
  std::string signed_artifact() {
    EXPECT_EQ(post("/api/v1/datasets?id=orders", kOrders, with_key()).status, 201);
    const Answer answer = analyse(kQuestion, "orders", with_key());
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json()["artifacts"]["csv"];
  }

  std::string key_;
};

TEST_F(Access, AKeyIsAskedForOnceThereIsOne) {
  open_with_key();
  const Answer refused = get("/api/v1/datasets");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.problem(), "unauthorized");
  EXPECT_THAT(refused.header("WWW-Authenticate"), HasSubstr("Bearer"));
  EXPECT_EQ(get("/api/v1/datasets", {{"authorization", "Bearer neve_wrong"}}).status, 401);
  EXPECT_EQ(get("/api/v1/datasets", with_key()).status, 200);
  EXPECT_EQ(get("/api/v1/datasets", {{"x-api-key", key_}}).status, 200);
  EXPECT_THAT(log_, HasSubstr("\"caller\":\"ci\""));
  EXPECT_EQ(log_.find(key_), std::string::npos) << "the key itself is in the log";
  EXPECT_EQ(get("/metrics").status, 401);
  for (const char* open : {"/healthz", "/readyz", "/openapi.json"}) EXPECT_EQ(get(open).status, 200) << open;
}

TEST_F(Access, NothingOfARefusedUploadIsRead) {
  open_with_key();
  TextClient client(kOrders);
  EXPECT_EQ(ask(client, "POST", "/api/v1/datasets").status, 401);
  EXPECT_EQ(client.received(), 0U);
}

TEST_F(Access, APageFromElsewhereChangesNothingOfAServiceThatAsksForNoKey) {
  ServiceOptions options;
  options.key_file = folder_.path() / "keys";  // which holds none
  open(options);
  const std::string upload = "/api/v1/datasets?id=orders";
  ASSERT_EQ(post(upload, kOrders, {{"host", "localhost:8080"}}).status, 201);
  const std::vector<Header> foreign{{"host", "localhost:8080"},
                                    {"origin", "https://elsewhere.example"},
                                    {"sec-fetch-site", "cross-site"},
                                    {"content-type", "text/plain"}};
  TextClient client("customer,revenue\nAda,1\n");
  const Answer refused = ask(client, "POST", upload, foreign);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.problem(), "forbidden");
  EXPECT_EQ(client.received(), 0U);
  TextClient none;
  EXPECT_EQ(ask(none, "DELETE", "/api/v1/datasets/orders", foreign).status, 403);
  EXPECT_EQ(get("/api/v1/datasets/orders", foreign).json()["generation"], 1) << "a link may lead here";
}

TEST_F(Access, ANameThatWasLedToThisMachineIsNotServedWithoutAKey) {
  ServiceOptions options;
  options.key_file = folder_.path() / "keys";  // which holds none
  open(options);
  const std::vector<Header> rebound{{"host", "elsewhere.example:8080"}};
  const Answer refused = get("/api/v1/datasets", rebound);
  EXPECT_EQ(refused.problem(), "forbidden");
  EXPECT_THAT(refused.json()["detail"].get<std::string>(), HasSubstr("--without-keys"));
  EXPECT_EQ(get("/healthz", rebound).status, 200);
  open();  // something in front of it asks who comes
  EXPECT_EQ(get("/api/v1/datasets", rebound).status, 200);
  open_with_key();
  EXPECT_EQ(get("/api/v1/datasets", {{"host", "elsewhere.example:8080"}, {"x-api-key", key_}}).status, 200);
}

TEST_F(Access, ASignedAddressNeedsNoKeyUntilItExpires) {
  open_with_key();
  const std::string address = signed_artifact();
  EXPECT_THAT(address, HasSubstr("signature="));
  EXPECT_EQ(get(address).status, 200);
  const std::string path = address.substr(0, address.find('?'));
  EXPECT_EQ(get(path).status, 401);
  EXPECT_EQ(get(path, with_key()).status, 200);
  std::string forged = address;
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_EQ(get(forged).problem(), "forbidden");
  std::string other = address;
  other.replace(other.find(".csv"), 4, ".xlsx");
  EXPECT_EQ(get(other).problem(), "forbidden");
  clock_.advance(std::chrono::seconds(899));
  EXPECT_EQ(get(address).status, 200);
  clock_.advance(std::chrono::seconds(902));
  EXPECT_EQ(get(address).problem(), "forbidden");
}

TEST_F(Access, InstancesOnOneStoreTakeEachOthersAddresses) {
  open_with_key();
  const std::string address = signed_artifact();
  const std::unique_ptr<Service> first = std::move(service_);
  ServiceOptions options;
  options.key_file = folder_.path() / "keys";
  open(options);
  EXPECT_EQ(get(address).status, 200);
}

TEST_F(Access, AddressesStayEqualForAWhileSoThatAnswersDo) {
  open_with_key();
  (void)signed_artifact();
  const std::string first = analyse(kQuestion, "orders", with_key()).body;
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(analyse(kQuestion, "orders", with_key()).body, first);
}

TEST_F(Access, ACallerIsHeldToItsRate) {
  ServiceOptions options;
  options.rate_per_s = 2;
  options.burst = 3;
  open(options);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/api/v1/datasets").status, 200);
  const Answer refused = get("/api/v1/datasets");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.problem(), "too-many-requests");
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(get("/healthz").status, 200) << "whoever watches the service is no caller";
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(get("/api/v1/datasets").status, 200);
}

TEST_F(Access, NoPathLeavesTheStore) {
  replace_file(folder_.path() / "outside.json", as_byte_span("secret"), Durability::none);
  const std::string hash(64, 'a');
  for (const std::string path :
       {"/api/v1/datasets/..", "/api/v1/datasets/%2e%2e", "/api/v1/datasets/..%2f..%2foutside.json",
        "/api/v1/datasets/%2fetc%2fpasswd/schema", "/api/v1/artifacts/../../outside.json",
        "/api/v1/artifacts/a/b/..%2fc", "/api/v1/artifacts/orders/..%5c../outside.json", "/api/v1/datasets/.secret",
        "/api/v1/datasets/a%00b", "//etc/passwd", "/../outside.json"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  ASSERT_EQ(add(kOrders).status, 201);
  for (const std::string& path : {hash + "-g1/concentration.json", hash + "-g1/manifest.json", hash + "/x",
                                  std::string("concentration/x"), hash + "-g99999999999999999999/concentration.json"}) {
    EXPECT_EQ(get("/api/v1/artifacts/orders/" + path).problem(), "unknown-artifact") << path;
  }
}

}  // namespace
}  // namespace neve::service
