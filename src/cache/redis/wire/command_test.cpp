#include "cache/redis/wire/command.hpp"

#include <gtest/gtest.h>

namespace neve::redis {
namespace {

std::string wire(const Command& command) {
  std::vector<ByteSpan> pieces;
  command.append_pieces(pieces);
  std::string text;
  for (const ByteSpan piece : pieces) text += as_text(piece);
  return text;
}

TEST(Command, IsAnArrayOfBulkStrings) {
  EXPECT_EQ(wire(Command({"SET", "k", "a\r\nb"})), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n");
}

TEST(Command, LargePiecesAreSentFromWhereTheyLie) {
  const std::vector<Bytes> payload{Bytes::from(std::string("head")), Bytes::from(std::string(5000, 'x')),
                                   Bytes::from(std::string("tail"))};
  const Command command({"SET", "key", Argument(payload), "PX", "1000"});
  std::vector<ByteSpan> pieces;
  command.append_pieces(pieces);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[1].data(), payload[1].data());
  EXPECT_EQ(wire(command), "*5\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5008\r\nhead" + std::string(5000, 'x') +
                               "tail\r\n$2\r\nPX\r\n$4\r\n1000\r\n");
  EXPECT_EQ(command.size(), wire(command).size());
}

TEST(Command, KnowsTheKeyItIsRoutedBy) {
  EXPECT_EQ(Command({"GET", "a:b"}).key(), "a:b");
  EXPECT_EQ(Command({"PING"}).key(), "");
  EXPECT_EQ(Command({"EVAL", "return 1", "1", "lease", "token"}, 3).key(), "lease");
  EXPECT_EQ(Command({"CLUSTER", "SLOTS"}, 0).key(), "");
}

}  // namespace
}  // namespace neve::redis
