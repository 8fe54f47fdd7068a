#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "codec/byte_recipes.hpp"
#include "codec/deflate/crc32.hpp"
#include "codec/npz/staged_blocks.hpp"

namespace neve {
namespace {

constexpr std::size_t kBlock = 300'000;

// What the blocks are put together, with each checksum compared; `dwell` is what the caller does with a block first.
template <class Dwell>
std::string put_together(const std::string& content, std::size_t first, const Dwell& dwell) {
  StagedBlocks blocks(as_byte_span(content), first, kBlock);
  std::string whole;
  while (const auto block = blocks.next()) {
    dwell(whole.size());
    EXPECT_EQ(block->crc, crc32(0, block->bytes));
    EXPECT_EQ(block->bytes.size(), std::min(whole.empty() ? first : kBlock, content.size() - whole.size()));
    whole += as_text(block->bytes);
  }
  EXPECT_FALSE(blocks.next()) << "nothing follows the last";
  return whole;
}

void do_nothing(std::size_t) {}

TEST(StagedBlocks, AreTheContentWithItsChecksumsWhereverTheFirstAndTheLastOneEnd) {
  const std::string content = random_bytes(10 * kBlock, 1);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{1000}, kBlock - 1, kBlock, kBlock + 1, 2 * kBlock, 7 * kBlock + 5}) {
    for (const std::size_t first : {std::size_t{1}, std::size_t{999}, kBlock}) {
      const std::string part = content.substr(0, size);
      EXPECT_TRUE(put_together(part, first, do_nothing) == part) << size << " from " << first;
    }
  }
}

TEST(StagedBlocks, StayWhileTheCallerUsesThemHoweverLong) {
  const std::string content = random_bytes(20 * kBlock, 2);
  const auto dwell = [](std::size_t at) {
    // At some blocks for longer than the second thread needs for the next ones.
    if (at / kBlock % 3 == 1) (void)random_bytes(8 * kBlock, 3);
  };
  EXPECT_TRUE(put_together(content, 17, dwell) == content);
}

TEST(StagedBlocks, CanBeLeftAtAnyBlock) {
  const std::string content = random_bytes(12 * kBlock, 4);
  for (std::size_t taken = 0; taken <= 12; ++taken) {
    StagedBlocks blocks(as_byte_span(content), kBlock, kBlock);
    for (std::size_t block = 0; block < taken; ++block) {
      const auto given = blocks.next();
      ASSERT_TRUE(given);
      EXPECT_TRUE(as_text(given->bytes) == std::string_view(content).substr(block * kBlock, kBlock));
    }
  }
}

TEST(StagedBlocks, OfManyCallersAtOnceAreEachTheirOwn) {
  std::vector<std::thread> callers;
  for (std::uint64_t caller = 0; caller < 4; ++caller) {
    callers.emplace_back([caller] {
      for (std::uint64_t round = 0; round < 5; ++round) {
        const std::string content = random_bytes(9 * kBlock + 123, 10 * caller + round);
        EXPECT_TRUE(put_together(content, 5000, do_nothing) == content);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
}

}  // namespace
}  // namespace neve
