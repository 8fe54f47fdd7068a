#include "dataset/values/folded_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace neve::dataset {
namespace {

std::string kept(std::string_view text) {
  std::array<std::int32_t, 64> room{};
  return std::string(folded(text, Accents::kept, room));
}

std::string without(std::string_view text) {
  std::array<std::int32_t, 64> room{};
  return std::string(folded(text, Accents::left_out, room));
}

TEST(FoldedText, HasSmallLettersOfEveryAlphabetWithTheirAccents) {
  EXPECT_EQ(kept("ÀÞ×ÿ ĄŁŽŠŹ ŸỔỘ"), "àþ×ÿ ąłžšź ÿổộ");
  EXPECT_EQ(kept("ΣΎΝΟΛΟς"), "σύνολοσ");
  EXPECT_EQ(kept("ЁЖҐЙ ԱԲ"), "ёжґй աբ");
  EXPECT_EQ(kept("Straße HAZİRAN"), "strasse haziran");
}

TEST(FoldedText, IsTheSameForOneCharacterInSeveralCodePoints) {
  EXPECT_EQ(kept("a\u0308"), "ä");
  EXPECT_EQ(kept("ＴＯＴＡＬ：（ｶﾞ）"), "total:(ガ)");
  EXPECT_EQ(kept("合\u3000\u00A0\u202F計\t1\u200B2"), "合   計 12");
}

TEST(FoldedText, LosesAccentsButNoMarksThatAreLetters) {
  EXPECT_EQ(without("Crédit Agricole Łódź Übung"), "credit agricole łodz ubung");
  EXPECT_EQ(without("Σύνολο Ёлка"), "συνολο елка");
  EXPECT_NE(without("パパ"), without("ハハ"));
  EXPECT_NE(without("राम"), without("रमा"));
  EXPECT_EQ(without("한국"), "한국");
}

TEST(FoldedText, IsEmptyWhereItsRoomIsTooSmall) {
  EXPECT_EQ(kept(std::string(257, 'A')), "");
  EXPECT_EQ(kept(std::string(254, 'A') + "é"), "");
  EXPECT_EQ(kept("\uFDFA\uFDFA\uFDFA\uFDFA"), "");  // 18 letters each
}

TEST(FoldedText, OfBytesThatAreNoUtf8HasTheAsciiLettersInSmall) {
  EXPECT_EQ(kept("A\xC3"), "a\xC3");
  EXPECT_EQ(kept("\xFF\tÄB"), "\xFF Äb");
}

TEST(FoldedText, OfALetterIsItsSmallOne) {
  EXPECT_EQ(folded_letter(U'Ä'), U'ä');
  EXPECT_EQ(folded_letter(U'Σ'), U'σ');
  EXPECT_EQ(folded_letter(U'計'), U'計');
}

}  // namespace
}  // namespace neve::dataset
