#include "codec/deflate/isal_stream.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "codec/byte_recipes.hpp"
#include "codec/deflate/deflate.hpp"

namespace neve {
namespace {

constexpr PieceEnd kEnds[] = {PieceEnd::last, PieceEnd::sync, PieceEnd::full};

std::string deflated(IsalStream& stream, const std::string& body, PieceEnd end) {
  std::string out(2 * body.size() + 100, '\0');
  out.resize(stream.deflate({}, as_byte_span(body), end, std::as_writable_bytes(std::span(out))));
  return out;
}

// ISA-L alone writes other bytes at one address in some thousands:
// docs/decisions/a-stream-begins-with-a-stored-byte.md.
TEST(IsalStream, WritesTheSameBytesWhereverItsMemoryIs) {
  const std::string noise = random_bytes(300, 1);
  const std::string body = noise + noise;
  std::vector<std::unique_ptr<std::byte[]>> between;
  std::string first;
  for (int i = 0; i < 12'000; ++i) {
    between.push_back(std::make_unique_for_overwrite<std::byte[]>(std::size_t{64} << 10));
    IsalStream stream;
    const std::string now = deflated(stream, body, PieceEnd::last);
    if (i == 0) first = now;
    ASSERT_TRUE(now == first) << "at address " << i;
  }
}

TEST(IsalStream, FindsWhatRepeatsItsFirstBytes) {
  IsalStream stream;
  const std::string noise = random_bytes(300, 1);
  EXPECT_LT(deflated(stream, noise + noise, PieceEnd::last).size(), noise.size() + 40);
}

TEST(IsalStream, WritesAsManyBytesAsFit) {
  IsalStream stream;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{300}}) {
    const std::string body = random_bytes(size, 2);
    for (const PieceEnd end : kEnds) {
      const std::string whole = deflated(stream, body, end);
      ASSERT_FALSE(whole.empty()) << size;
      if (end == PieceEnd::last) {
        std::string back(size, '\0');
        EXPECT_TRUE(inflate_exactly(as_byte_span(whole), std::as_writable_bytes(std::span(back)))) << size;
        EXPECT_EQ(back, body);
      }
      for (std::size_t room = 0; room < whole.size(); ++room) {
        std::string guarded(whole.size() + 64, 'G');
        const std::span<std::byte> out = std::as_writable_bytes(std::span(guarded)).first(room);
        EXPECT_EQ(stream.deflate({}, as_byte_span(body), end, out), 0U) << size << " in " << room;
        EXPECT_EQ(guarded.substr(room), std::string(guarded.size() - room, 'G')) << "nothing is written beyond the end";
      }
    }
  }
}

}  // namespace
}  // namespace neve
