#include "service/exchange/access_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/codec/json.hpp>

#include "service/client_double.hpp"

namespace neve::service {
namespace {

constexpr TimePoint kNow{std::chrono::milliseconds(1'700'000'000'123)};

TEST(AccessLog, ALineIsJsonAndSaysWhatHappened) {
  TextClient client;
  const Request request = request_of(client, "GET", "/api/v1/datasets?signature=secret");
  ExchangeNote note;
  note.request_id = "r1";
  note.route = Route::concentration;
  note.caller = "ci";
  note.cache = CacheOutcome::hit;
  note.tier = "memory";
  note.timings = {{"cache", 0.0005}};
  const std::string line = log_line(kNow, &request, {}, {0.25, 12, Delivery::client_left}, note);
  EXPECT_TRUE(line.ends_with("}\n"));
  EXPECT_EQ(line.find("secret"), std::string::npos) << "queries may carry signatures";
  const Json json = parse_json(line);
  EXPECT_EQ(json["time"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(json["path"], "/api/v1/datasets");
  EXPECT_EQ(json["route"], "concentration");
  EXPECT_EQ(json["caller"], "ci");
  EXPECT_EQ(json["status"], 200);
  EXPECT_EQ(json["sent_bytes"], 12);
  EXPECT_EQ(json["total_s"], 0.25);
  EXPECT_EQ(json["cache_s"], 0.0005);
  EXPECT_EQ(json["cache"], "hit");
  EXPECT_EQ(json["tier"], "memory");
  EXPECT_EQ(json["delivery"], "client_left");
}

TEST(AccessLog, WhatAScannerSendsIsNoErrorOfTheService) {
  const auto level_of = [](int status, const char* problem) {
    Response response;
    response.status = status;
    ExchangeNote note;
    note.problem = std::string("urn:neve:problem:") + problem;
    return parse_json(log_line(kNow, nullptr, response, {}, note))["level"].get<std::string>();
  };
  EXPECT_EQ(level_of(505, "bad-request"), "info");
  EXPECT_EQ(level_of(503, "unavailable"), "error");
  EXPECT_EQ(level_of(500, "internal"), "error");
}

TEST(AccessLog, NothingAClientSendsBreaksTheLine) {
  TextClient client;
  Request request = request_of(client, "GET", "/\"\n\xff");
  const std::string line = log_line(kNow, &request, {}, {}, {});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NO_THROW((void)parse_json(line));
  EXPECT_NO_THROW((void)parse_json(log_line(kNow, "info", "started", "on \"x\"")));
}

}  // namespace
}  // namespace neve::service
