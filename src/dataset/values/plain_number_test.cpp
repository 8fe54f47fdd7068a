#include "dataset/values/plain_number.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "dataset/values/number_text.hpp"

namespace neve::dataset {
namespace {

TEST(PlainNumber, TakesWhatNearlyAllNumbersLookLike) {
  for (const char* cell : {"0", "7", "-7", "$7", "1234.5", "0.000001", "$1,234.50", "-12,345,678",
                           "99,999,999,999.123456", "00007.10", "$-1,000"}) {
    EXPECT_TRUE(plain_number(cell)) << cell;
  }
  for (const char* cell :
       {"",      "$",         "-",      ".5",     "5.",        "1,23",         "1,2345",          "1234,567",
        "0,123", "12,34,567", "1,234,", "1,234.", "1.2345678", "123456789012", "123,456,789,012", "1 234",
        "+5",    "-$5",       "(5)",    "5k",     "1.2.3"}) {
    EXPECT_FALSE(plain_number(cell)) << cell;
  }
}

/// Most of the bytes that numbers are made of, at random.
std::string number_like_cell(std::mt19937_64& random) {
  constexpr std::string_view kBytes = "0123456789012345678900,,..-$ ";
  std::string cell;
  if (random() % 3 == 0) cell += random() % 2 == 0 ? "$" : "-";
  for (std::size_t left = 1 + random() % 14; left > 0; --left) cell += kBytes[random() % kBytes.size()];
  if (random() % 2 == 0) cell += "," + std::to_string(100 + random() % 900);
  if (random() % 2 == 0) cell += "." + std::to_string(random() % 100);
  return cell;
}

TEST(PlainNumber, MeansWhatNumbersMean) {
  std::mt19937_64 random(7);
  int grouped = 0;
  for (int i = 0; i < 300'000; ++i) {
    const std::string cell = number_like_cell(random);
    const auto plain = plain_number(cell);
    if (!plain) continue;
    const auto number = parse_number(cell, '.');
    ASSERT_TRUE(number) << cell;
    EXPECT_TRUE(number->micro == plain->micro()) << cell;
    EXPECT_EQ((number->traits & kHasCurrency) != 0, plain->dollar) << cell;
    EXPECT_EQ((number->traits & kHasGroups) != 0, plain->grouped) << cell;
    EXPECT_EQ((number->traits & kHasDecimals) != 0, plain->decimals > 0) << cell;
    EXPECT_EQ((number->traits & kLeadingZero) != 0, plain->leading_zero) << cell;
    EXPECT_EQ(number->traits & ~(kHasCurrency | kHasGroups | kHasDecimals | kLeadingZero), 0) << cell;
    // A comma for thousands and a point behind it are no number that has a comma for decimals.
    if (plain->grouped && plain->decimals > 0) {
      ++grouped;
      EXPECT_FALSE(parse_number(cell, ',')) << cell;
    }
  }
  EXPECT_GT(grouped, 1000);
}

TEST(PlainNumber, IsTheSameInAWordAsByteByByte) {
  std::mt19937_64 random(13);
  int numbers = 0;
  for (int i = 0; i < 500'000; ++i) {
    std::string cell = number_like_cell(random);
    if (random() % 8 == 0) cell[random() % cell.size()] = static_cast<char>(random());
    cell.resize(std::min(cell.size(), 1 + random() % detail::kWordBytes));
    const auto in_word = detail::plain_number_in_word(cell);
    const auto by_bytes = detail::plain_number_by_bytes(cell);
    ASSERT_EQ(in_word.has_value(), by_bytes.has_value()) << cell;
    if (!in_word) continue;
    ++numbers;
    ASSERT_EQ(in_word->digits, by_bytes->digits) << cell;
    ASSERT_EQ(in_word->integer, by_bytes->integer) << cell;
    ASSERT_EQ(in_word->decimals, by_bytes->decimals) << cell;
    ASSERT_EQ(in_word->dollar, by_bytes->dollar) << cell;
    ASSERT_EQ(in_word->negative, by_bytes->negative) << cell;
    ASSERT_EQ(in_word->grouped, by_bytes->grouped) << cell;
    ASSERT_EQ(in_word->leading_zero, by_bytes->leading_zero) << cell;
  }
  EXPECT_GT(numbers, 100'000);
}

}  // namespace
}  // namespace neve::dataset
