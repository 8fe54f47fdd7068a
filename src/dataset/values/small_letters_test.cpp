#include "dataset/values/small_letters.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace neve::dataset {
namespace {

TEST(SmallLetters, AreThoseOfLatinGreekAndCyrillic) {
  std::array<char, 64> room{};
  EXPECT_EQ(in_small_letters("ÀÞ×ÿ ĄŁŽŠŹ İŸ ỔỘ", room), "àþ×ÿ ąłžšź İŸ ổộ");
  EXPECT_EQ(in_small_letters("ΣΎΝΟΛΟΣ Ώ", room), "συνολοσ ω");
  EXPECT_EQ(in_small_letters("ЁЖҐ合\u3000\u00A0計", room), "ёжґ合  計");
  EXPECT_EQ(in_small_letters(std::string(65, 'A'), room), "");
  const std::string broken = "A\xC3";
  EXPECT_EQ(in_small_letters(broken, room), "a\xC3");
}

}  // namespace
}  // namespace neve::dataset
