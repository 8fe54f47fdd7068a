#include <gtest/gtest.h>

#include "codec/byte_recipes.hpp"
#include "codec/deflate/crc32.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/deflate/segments.hpp"

namespace neve {
namespace {

std::span<std::byte> writable(std::string& text) { return std::as_writable_bytes(std::span(text)); }

// The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
TEST(Crc32, MatchesThePublishedCheckValue) { EXPECT_EQ(crc32(0, as_byte_span("123456789")), 0xCBF43926U); }

TEST(Crc32, PiecesCombineToTheWhole) {
  const std::string text = random_bytes(3000, 1);
  const ByteSpan whole = as_byte_span(text);
  for (std::size_t cut = 0; cut <= text.size(); cut += 37) {
    const std::uint32_t first = crc32(0, whole.first(cut));
    EXPECT_EQ(crc32(first, whole.subspan(cut)), crc32(0, whole));
    EXPECT_EQ(crc32_combine(first, crc32(0, whole.subspan(cut)), text.size() - cut), crc32(0, whole));
  }
  EXPECT_EQ(crc32_combine(crc32(0, whole), 0, 0), crc32(0, whole));
}

// Against one byte at a time, which is too short for every vectorised path.
TEST(Crc32, EveryLengthAndAlignmentGivesTheSame) {
  const std::string text = random_bytes(1500, 4);
  for (std::size_t start = 0; start < 40; ++start) {
    std::uint32_t expected = 0x12345678;
    for (std::size_t length = 0; start + length < text.size(); ++length) {
      ASSERT_EQ(crc32(0x12345678, as_byte_span(text).subspan(start, length)), expected) << start << '+' << length;
      expected = crc32(expected, as_byte_span(text).subspan(start + length, 1));
    }
  }
}

TEST(Deflate, StreamsOfEverySizeComeBackWhole) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    const std::size_t size = random() % (i % 4 == 0 ? 300'000 : 20'000);
    const std::string head = random_bytes(random() % 200, i);
    const std::string body = i % 2 == 0 ? wordy_bytes(size, i) : random_bytes(size, i);
    for (const Deflater deflater : {Deflater::fast, Deflater::small}) {
      std::string out(2 * (head.size() + body.size()) + 1000, '\0');
      out.resize(deflate_stream(deflater, as_byte_span(head), as_byte_span(body), writable(out)));
      ASSERT_GT(out.size(), 0U);
      std::string back(head.size() + body.size(), '\0');
      ASSERT_TRUE(inflate_exactly(as_byte_span(out), writable(back))) << size;
      ASSERT_EQ(back, head + body);
    }
  }
}

TEST(Deflate, StreamsThatDoNotFitAreNotWritten) {
  const std::string body = wordy_bytes(50'000, 1);
  std::string out(100'000, '\0');
  const std::size_t size = deflate_stream(Deflater::fast, as_byte_span("head"), as_byte_span(body), writable(out));
  for (const std::size_t room : {std::size_t{0}, std::size_t{1}, std::size_t{9}, size / 2, size - 20}) {
    std::string guarded(room + 64, 'G');
    EXPECT_EQ(deflate_stream(Deflater::fast, as_byte_span("head"), as_byte_span(body), writable(guarded).first(room)),
              0U);
    EXPECT_EQ(guarded.substr(room), std::string(64, 'G')) << "nothing is written beyond the end";
  }
}

class Segments : public testing::TestWithParam<Deflater> {};

INSTANTIATE_TEST_SUITE_P(Deflaters, Segments, testing::Values(Deflater::fast, Deflater::small),
                         [](const auto& test) { return test.param == Deflater::fast ? "fast" : "small"; });

TEST_P(Segments, EachIsACompleteStreamByItselfAndTheChainIsOne) {
  const std::string head = random_bytes(128, 1);
  const std::string body = wordy_bytes(70'000, 2) + random_bytes(70'000, 3) + std::string(70'000, 'x');
  std::string chain;
  const SegmentedStream stream = deflate_segments(GetParam(), as_byte_span(head), as_byte_span(body), 10'000,
                                                  [&](ByteSpan segment) { chain += as_text(segment); });
  EXPECT_EQ(stream.lengths.size(), 22U);
  EXPECT_EQ(stream.compressed, chain.size());
  EXPECT_EQ(stream.content_crc, crc32(0, as_byte_span(head + body)));
  EXPECT_EQ(stream.compressed_crc, crc32(0, as_byte_span(chain)));

  std::string back(head.size() + body.size(), '\0');
  ASSERT_TRUE(inflate_exactly(as_byte_span(chain), writable(back))) << "as any inflater sees it";
  EXPECT_EQ(back, head + body);
  std::fill(back.begin(), back.end(), '\0');
  const SegmentChecksums sums =
      inflate_segments(stream.lengths, 10'000, writable(back), [&](std::uint64_t at, std::span<std::byte> to) {
        chain.copy(reinterpret_cast<char*>(to.data()), to.size(), at);
      });
  EXPECT_EQ(back, head + body);
  EXPECT_EQ(sums.content_crc, stream.content_crc);
  EXPECT_EQ(sums.compressed_crc, stream.compressed_crc);
}

TEST_P(Segments, DataThatDoNotShrinkTakeNoMoreThanTheBound) {
  for (const std::size_t size : {1UL, 5UL, 1000UL, 65'535UL, 65'536UL, 200'000UL}) {
    const std::string body = random_bytes(size, size);
    std::string out(segment_bound(size), '\0');
    const std::size_t length = deflate_segment(GetParam(), {}, as_byte_span(body), SegmentPlace::last, writable(out));
    std::string back(size, '\0');
    EXPECT_TRUE(inflate_segment(writable(out).first(length), SegmentPlace::last, writable(back)));
    EXPECT_EQ(back, body);
  }
}

TEST(SegmentBytes, GrowForMembersTooLongForTheirList) {
  EXPECT_EQ(segment_bytes_for(std::uint64_t{8} << 30, kSegmentBytes), kSegmentBytes);
  EXPECT_EQ(segment_bytes_for((std::uint64_t{8} << 30) + 1, kSegmentBytes), 2 * kSegmentBytes);
  EXPECT_EQ(segment_bytes_for(std::uint64_t{1} << 43, kSegmentBytes), std::uint32_t{1} << 30);
  EXPECT_EQ(segment_bytes_for((std::uint64_t{1} << 43) + 1, kSegmentBytes), 0U);
}

}  // namespace
}  // namespace neve
