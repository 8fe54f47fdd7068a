#include "dataset/analysis/concentration/wide.hpp"

#include <random>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

UInt128 u128(std::uint64_t high, std::uint64_t low) { return (UInt128{high} << 64) | low; }

UInt128 random_128(std::mt19937_64& random) {
  const UInt128 value = u128(random(), random());
  return value >> (random() % 128);
}

TEST(Wide, PrintsWhatPythonPrints) {
  const UInt128 largest = ~UInt128{0};
  EXPECT_EQ(Wide::of(largest).digits(), "340282366920938463463374607431768211455");
  // (2**128 - 1)**2 and 10**10 times it
  const Wide square = Wide::product(largest, largest);
  EXPECT_EQ(square.digits(), "115792089237316195423570985008687907852589419931798687112530834793049593217025");
  EXPECT_EQ((square * 10'000'000'000).digits(),
            "1157920892373161954235709850086879078525894199317986871125308347930495932170250000000000");
  EXPECT_EQ(Wide().digits(), "0");
  EXPECT_EQ(Wide::of(u128(0, 10'000'000'000'000'000'000U)).digits(), "10000000000000000000");
}

TEST(Wide, QuotientTimesDivisorPlusRemainderIsTheDividend) {
  std::mt19937_64 random(20240229);
  for (int i = 0; i < 3000; ++i) {
    const UInt128 a = random_128(random);
    const UInt128 b = random_128(random);
    const UInt128 divisor = random_128(random) | 1;
    const Wide rest = Wide::of(random_128(random) % divisor);
    const Wide dividend = Wide::product(a, b) + rest;
    const Wide::Division division = dividend.divide(Wide::of(divisor));
    EXPECT_LT(division.remainder, Wide::of(divisor));
    if (division.quotient.fits_128()) {
      EXPECT_EQ(Wide::product(division.quotient.low_128(), divisor) + division.remainder, dividend);
    }
    // Divided by one of its factors, the product gives the other back.
    if (b != 0) {
      EXPECT_EQ(Wide::product(a, b).divide(Wide::of(b)).quotient, Wide::of(a));
    }
  }
}

TEST(Wide, HalvesGoToTheEvenNeighbour) {
  EXPECT_EQ(divide_half_even(1, 2).digits(), "0");
  EXPECT_EQ(divide_half_even(3, 2).digits(), "2");
  EXPECT_EQ(divide_half_even(5, 2).digits(), "2");
  EXPECT_EQ(divide_half_even(7, 4).digits(), "2");
  EXPECT_EQ(divide_half_even(5, 3).digits(), "2");
  EXPECT_EQ(divide_half_even(4, 3).digits(), "1");
  const Wide huge = Wide::product(u128(1, 0), u128(1, 0));
  EXPECT_EQ(divide_half_even(huge + Wide::of(u128(0, 1)), huge * 2).digits(), "1");  // just above a half
  EXPECT_EQ(divide_half_even(huge, huge * 2).digits(), "0");                         // exactly a half
}

TEST(Wide, RefusesToWrapRound) {
  Wide value = Wide::product(~UInt128{0}, ~UInt128{0});
  value *= ~std::uint64_t{0};
  value *= ~std::uint64_t{0};
  EXPECT_THROW(value *= 2, Error);
  EXPECT_THROW(Wide(1) -= Wide(2), Error);
  EXPECT_THROW(static_cast<void>(Wide(1).divide(Wide(0))), Error);
}

}  // namespace
}  // namespace neve::dataset
