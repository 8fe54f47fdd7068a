#include "cache/redis/wire/reply_parser.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::redis {
namespace {

/// Feeds `wire` in steps of at most `step` bytes and returns all replies.
std::vector<Reply> parse(std::string_view wire, std::size_t step = SIZE_MAX, const ReplyLimits& limits = {}) {
  ReplyParser parser(limits);
  std::vector<Reply> replies;
  for (;;) {
    while (auto reply = parser.next()) replies.push_back(std::move(*reply));
    if (wire.empty()) return replies;
    const auto space = parser.space();
    const std::size_t count = std::min({space.size(), step, wire.size()});
    std::memcpy(space.data(), wire.data(), count);
    parser.commit(count);
    wire.remove_prefix(count);
  }
}

ErrorCode code_of_parsing(std::string_view wire, const ReplyLimits& limits = {}) {
  try {
    (void)parse(wire, SIZE_MAX, limits);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "accepted: " << wire;
  return ErrorCode::internal;
}

TEST(ReplyParser, EveryKindOfReplyIsUnderstood) {
  const auto replies =
      parse("+OK\r\n-ERR no such key\r\n:-42\r\n$5\r\nhe\r\no\r\n$-1\r\n*-1\r\n*2\r\n$0\r\n\r\n:7\r\n_\r\n#t\r\n");
  ASSERT_EQ(replies.size(), 9U);
  EXPECT_EQ(replies[0].text(), "OK");
  EXPECT_TRUE(replies[1].error());
  EXPECT_EQ(replies[1].error_kind(), "ERR");
  EXPECT_EQ(replies[2].integer, -42);
  EXPECT_EQ(replies[3].text(), "he\r\no");
  EXPECT_TRUE(replies[4].nil());
  EXPECT_TRUE(replies[5].nil());
  ASSERT_EQ(replies[6].items.size(), 2U);
  EXPECT_EQ(replies[6].items[0].kind, ReplyKind::bulk);
  EXPECT_EQ(replies[6].items[1].integer, 7);
  EXPECT_TRUE(replies[7].nil());
  EXPECT_EQ(replies[8].integer, 1);
}

TEST(ReplyParser, Resp3AggregatesLookLikeArraysAndAttributesVanish) {
  const auto replies = parse(
      "%1\r\n+a\r\n:1\r\n~1\r\n+b\r\n|1\r\n+ttl\r\n:3\r\n=7\r\ntxt:abc\r\n>1\r\n+gone\r\n,1.5\r\n!5\r\nERR x\r\n");
  ASSERT_EQ(replies.size(), 6U);
  EXPECT_EQ(replies[0].items.size(), 2U);
  EXPECT_EQ(replies[1].items.size(), 1U);
  EXPECT_EQ(replies[2].text(), "abc");
  EXPECT_EQ(replies[3].kind, ReplyKind::push);
  EXPECT_EQ(replies[4].text(), "1.5");
  EXPECT_TRUE(replies[5].error());
}

TEST(ReplyParser, RepliesDoNotDependOnHowTheBytesAreCut) {
  const std::string payload(40'000, 'x');
  const std::string wire = "*3\r\n$3\r\nabc\r\n$40000\r\n" + payload + "\r\n*1\r\n:5\r\n+next\r\n";
  for (const std::size_t step :
       {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{4095}, std::size_t{16'385}}) {
    const auto replies = parse(wire, step);
    ASSERT_EQ(replies.size(), 2U) << step;
    EXPECT_EQ(replies[0].items[1].text(), payload) << step;
    EXPECT_EQ(replies[0].items[2].items[0].integer, 5) << step;
    EXPECT_EQ(replies[1].text(), "next") << step;
  }
}

TEST(ReplyParser, LargePayloadIsReceivedWhereItStays) {
  ReplyParser parser;
  const std::string head = "$1048576\r\n";
  std::memcpy(parser.space().data(), head.data(), head.size());
  parser.commit(head.size());
  ASSERT_FALSE(parser.next());
  const auto space = parser.space();
  ASSERT_EQ(space.size(), 1'048'578U);
  std::memset(space.data(), 'z', space.size());
  std::memcpy(space.data() + 1'048'576, "\r\n", 2);
  parser.commit(space.size());
  const auto reply = parser.next();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->bytes.data(), space.data());
  EXPECT_EQ(reply->bytes.size(), 1'048'576U);
}

TEST(ReplyParser, WhatIsNotRespIsRefused) {
  for (const std::string_view wire :
       {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "$-2\r\n", "$x\r\n", "$\r\n", "*-3\r\n", "#x\r\n", "+a\rb\n",
        "$1\r\nabc\r\n", "=3\r\nabc\r\n", ":\r\n", ":99999999999999999999\r\n"}) {
    EXPECT_EQ(code_of_parsing(wire), ErrorCode::corrupt) << wire;
  }
  EXPECT_EQ(code_of_parsing("+" + std::string(20'000, 'a')), ErrorCode::corrupt);
  std::string nested;
  for (int i = 0; i < 17; ++i) nested += "*1\r\n";
  EXPECT_EQ(code_of_parsing(nested), ErrorCode::corrupt);
}

TEST(ReplyParser, LimitsHoldForTheReplyAsAWhole) {
  const ReplyLimits limits{.bytes = 10, .items = 4, .depth = 4};
  EXPECT_EQ(code_of_parsing("$11\r\n", limits), ErrorCode::too_large);
  EXPECT_EQ(code_of_parsing("*2\r\n$6\r\nabcdef\r\n$5\r\n", limits), ErrorCode::too_large);
  EXPECT_EQ(code_of_parsing("*5\r\n", limits), ErrorCode::too_large);
  EXPECT_EQ(code_of_parsing("%3\r\n", limits), ErrorCode::too_large);
  EXPECT_EQ(code_of_parsing("*9223372036854775807\r\n"), ErrorCode::too_large);
  EXPECT_EQ(code_of_parsing("$9223372036854775807\r\n"), ErrorCode::too_large);
  EXPECT_EQ(parse("$10\r\n0123456789\r\n$10\r\n0123456789\r\n", SIZE_MAX, limits).size(), 2U);
}

}  // namespace
}  // namespace neve::redis
