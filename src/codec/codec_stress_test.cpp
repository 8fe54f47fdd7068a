#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include <neve/codec/npz.hpp>

#include "codec/byte_recipes.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/deflate/segments.hpp"

// Segments written and read by more threads than there are processors, again and again, each result checked by an
// inflater that knows nothing of segments. NEVE_STRESS_SECONDS says for how long.
namespace neve {
namespace {

std::chrono::steady_clock::time_point end_of_stress() {
  const char* seconds = std::getenv("NEVE_STRESS_SECONDS");
  return std::chrono::steady_clock::now() + std::chrono::seconds(seconds != nullptr ? std::atoi(seconds) : 2);
}

// 4 to 12 MB of stretches of noise, words, one value and counting, so that segments begin and end in all of them.
std::string patchwork(std::mt19937_64& random) {
  std::string content;
  const std::size_t size = (4 << 20) + random() % (8 << 20);
  while (content.size() < size) {
    const std::size_t length = 1 + random() % (random() % 3 == 0 ? 2'000'000 : 100'000);
    switch (random() % 4) {
      case 0:
        content += random_bytes(length, random());
        break;
      case 1:
        content += wordy_bytes(length, random());
        break;
      case 2:
        content.append(length, static_cast<char>(random()));
        break;
      default:
        for (std::uint32_t i = 0; i < length / 4; ++i) content.append(reinterpret_cast<const char*>(&i), 4);
    }
  }
  content.resize(size);
  return content;
}

void expect_whole(const std::string& content, std::uint64_t seed) {
  const std::string head = content.substr(0, 128);
  const ByteSpan body = as_byte_span(content).subspan(128);
  std::string chain;
  const SegmentedStream stream =
      deflate_segments(seed % 4 == 0 ? Deflater::small : Deflater::fast, as_byte_span(head), body, kSegmentBytes,
                       [&](ByteSpan segment) { chain += as_text(segment); });
  std::string back(content.size(), '\0');
  const std::span<std::byte> out = std::as_writable_bytes(std::span(back));
  ASSERT_TRUE(inflate_exactly(as_byte_span(chain), out)) << "seed " << seed;
  ASSERT_TRUE(back == content) << "seed " << seed;
  std::fill(back.begin(), back.end(), '\x55');
  const SegmentChecksums sums =
      inflate_segments(stream.lengths, kSegmentBytes, out, [&](std::uint64_t at, std::span<std::byte> to) {
        chain.copy(reinterpret_cast<char*>(to.data()), to.size(), at);
      });
  ASSERT_TRUE(back == content) << "seed " << seed;
  ASSERT_EQ(sums.content_crc, stream.content_crc) << "seed " << seed;
  ASSERT_EQ(sums.compressed_crc, stream.compressed_crc) << "seed " << seed;
}

TEST(CodecStress, SegmentsComeBackWholeHoweverBusyTheMachineIs) {
  const auto end = end_of_stress();
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([=] {
      std::uint64_t seed = 1000 * thread;
      do {
        std::mt19937_64 random(++seed);
        expect_whole(patchwork(random), seed);
      } while (std::chrono::steady_clock::now() < end && !::testing::Test::HasFailure());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(CodecStress, ArchivesWrittenAtTheSameTimeAreTheSameBytes) {
  const ArrayMap arrays{{"a", array_of(DType::of<double>(), {5 << 17}, Order::c, wordy_bytes(5 << 20, 1))},
                        {"b", random_array(DType::of<double>(), {17 << 17}, Order::c, 2)}};
  const std::string expected = joined(gather_npz(arrays, {}));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        MemorySink sink;
        write_npz(arrays, {}, sink);
        EXPECT_TRUE(sink.text == expected);
        EXPECT_TRUE(read_npz(Bytes::borrowed(as_byte_span(sink.text))).arrays == arrays);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace neve
