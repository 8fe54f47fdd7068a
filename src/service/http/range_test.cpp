#include "service/http/range.hpp"

#include <gtest/gtest.h>

namespace neve::service {
namespace {

FileAnswer judged(std::vector<Header> headers, std::uint64_t size = 100) {
  Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  return judge_file_request(request, size, "\"tag\"");
}

void expect_part(const FileAnswer& answer, std::uint64_t first, std::uint64_t length) {
  EXPECT_EQ(answer.status, 206);
  EXPECT_EQ(answer.range.first, first);
  EXPECT_EQ(answer.range.length, length);
}

TEST(Range, ServesAPartAskedForByItsEnds) {
  expect_part(judged({{"range", "bytes=0-9"}}), 0, 10);
  expect_part(judged({{"range", "bytes=90-"}}), 90, 10);
  expect_part(judged({{"range", "bytes=90-1000"}}), 90, 10);
  expect_part(judged({{"range", "bytes=-10"}}), 90, 10);
  expect_part(judged({{"range", "bytes=-1000"}}), 0, 100);
}

TEST(Range, BeyondTheEndCannotBeSatisfied) {
  EXPECT_EQ(judged({{"range", "bytes=100-"}}).status, 416);
  EXPECT_EQ(judged({{"range", "bytes=-0"}}).status, 416);
  EXPECT_EQ(judged({{"range", "bytes=0-0"}}, 0).status, 416);
}

TEST(Range, WhatIsNotUnderstoodIsTheWholeFile) {
  for (const char* text : {"lines=1-2", "bytes=5", "bytes=9-3", "bytes=a-b", "bytes=0-1,5-6", "bytes=", "bytes=-",
                           "bytes=1-99999999999999999999999", "bytes=+1-2"}) {
    EXPECT_EQ(judged({{"range", text}}).status, 200) << text;
    EXPECT_EQ(judged({{"range", text}}).range.length, 100U) << text;
  }
}

TEST(Range, TagsDecideFirst) {
  EXPECT_EQ(judged({{"if-none-match", "\"other\", W/\"tag\""}}).status, 304);
  EXPECT_EQ(judged({{"if-none-match", "*"}}).status, 304);
  EXPECT_EQ(judged({{"if-none-match", R"("a\", "tag")"}}).status, 304) << "a backslash is no escape in a tag";
  EXPECT_EQ(judged({{"if-none-match", "\"other\""}}).status, 200);
  EXPECT_EQ(judged({{"if-none-match", "\"other\""}, {"if-none-match", "\"tag\""}}).status, 304);
  EXPECT_EQ(judged({{"if-match", "\"other\""}}).status, 412);
  EXPECT_EQ(judged({{"if-match", "W/\"tag\""}}).status, 412);
  EXPECT_EQ(judged({{"if-match", "\"other\""}, {"if-match", "\"tag\""}}).status, 200);
  EXPECT_EQ(judged({{"if-range", "\"other\""}, {"range", "bytes=0-1"}}).status, 200);
  expect_part(judged({{"if-range", "\"tag\""}, {"range", "bytes=0-1"}}), 0, 2);
}

}  // namespace
}  // namespace neve::service
