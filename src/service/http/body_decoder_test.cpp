#include "service/http/body_decoder.hpp"

#include <array>
#include <string>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::service {
namespace {

BodyDecoder chunked() {
  RequestHead head;
  head.chunked = true;
  return BodyDecoder(head);
}

BodyDecoder counted(std::uint64_t length) {
  RequestHead head;
  head.request.content_length = length;
  return BodyDecoder(head);
}

/// Feeds `text` in pieces and gives what comes out; `rest` is what was not consumed.
std::string decode(BodyDecoder& decoder, std::string_view text, std::size_t piece, std::string* rest = nullptr) {
  std::string out;
  std::array<std::byte, 3> room;
  while (!text.empty() && !decoder.done()) {
    const auto step = decoder.decode(text.substr(0, piece), room);
    out.append(reinterpret_cast<const char*>(room.data()), step.produced);
    text.remove_prefix(step.consumed);
  }
  if (rest != nullptr) *rest = text;
  return out;
}

bool is_refused(const std::string& text) {
  try {
    BodyDecoder decoder = chunked();
    (void)decode(decoder, text, text.size());
    return false;
  } catch (const Error& error) {
    return error.code() == ErrorCode::invalid_argument;
  }
}

TEST(BodyDecoder, CountsAndLeavesTheNextRequestAlone) {
  BodyDecoder decoder = counted(5);
  std::string rest;
  EXPECT_EQ(decode(decoder, "helloGET /", 4, &rest), "hello");
  EXPECT_EQ(rest, "GET /");
  EXPECT_TRUE(decoder.done());
  EXPECT_TRUE(counted(0).done());
}

TEST(BodyDecoder, JoinsChunksHoweverTheyArrive) {
  const std::string text = "5;name=value\r\nhello\r\n1\r\n \r\n00B\r\nworld again\r\n0\r\nTrailer: x\r\n\r\nGET /";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    BodyDecoder decoder = chunked();
    std::string rest;
    EXPECT_EQ(decode(decoder, text, piece, &rest), "hello world again");
    EXPECT_TRUE(decoder.done());
    EXPECT_EQ(rest, "GET /");
  }
}

TEST(BodyDecoder, TakesPlainBytesThatWereReceivedElsewhere) {
  BodyDecoder decoder = chunked();
  std::array<std::byte, 8> room;
  (void)decoder.decode("4\r\n", room);
  EXPECT_EQ(decoder.plain_bytes(), 4U);
  decoder.skip_plain(4);
  (void)decoder.decode("\r\n0\r\n\r\n", room);
  EXPECT_TRUE(decoder.done());
}

TEST(BodyDecoder, RefusesChunksThatAreNone) {
  EXPECT_TRUE(is_refused("x\r\n"));
  EXPECT_TRUE(is_refused("\r\n"));
  EXPECT_TRUE(is_refused("-1\r\n"));
  EXPECT_TRUE(is_refused("5\nhello"));
  EXPECT_TRUE(is_refused("2\r\nhello\r\n"));
  EXPECT_TRUE(is_refused("ffffffffffffffff\r\n"));
  EXPECT_TRUE(is_refused("0\r\na\nb\r\n\r\n"));
  EXPECT_TRUE(is_refused("1;" + std::string(300, 'a')));
  EXPECT_TRUE(is_refused("0\r\n" + std::string(9000, 'a')));
}

}  // namespace
}  // namespace neve::service
