#include <neve/base/random.hpp>

#include <gtest/gtest.h>

#include <neve/base/ascii.hpp>

namespace neve {
namespace {

TEST(RandomHex, GivesTwoDigitsAByteAndNeverTheSame) {
  const std::string token = random_hex(16);
  EXPECT_EQ(token.size(), 32U);
  EXPECT_TRUE(only_hex_digits(token)) << token;
  EXPECT_NE(token, random_hex(16));
  EXPECT_EQ(random_hex(0), "");
}

}  // namespace
}  // namespace neve
