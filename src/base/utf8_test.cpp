#include <neve/base/utf8.hpp>

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace neve {
namespace {

TEST(Utf8Test, EveryCodePointIsReadBackAsOneCharacter) {
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    std::string text;
    append_utf8(text, point);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(utf8_sequence(text), surrogate ? 0 : text.size()) << std::hex << static_cast<unsigned>(point);
  }
}

// The bounds of Unicode's table 3-7, each one step outside.
TEST(Utf8Test, WhatIsNoCharacterIsFoundWhereItBegins) {
  for (const std::string_view wrong : {"\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80",
                                       "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
    EXPECT_EQ(find_invalid_utf8("n\xC3\xA9v" + std::string(wrong) + "e"), 4) << wrong;
  }
  EXPECT_EQ(find_invalid_utf8("n\xC3\xA9v\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
}

TEST(Utf8Test, APrefixEndsWithAWholeCharacter) {
  const std::string_view text = "a\xC3\xA9\xE2\x82\xAC";  // bytes 1, 2 and 3
  EXPECT_EQ(utf8_prefix(text, 6), text);
  EXPECT_EQ(utf8_prefix(text, 5), text.substr(0, 3));
  EXPECT_EQ(utf8_prefix(text, 3), text.substr(0, 3));
  EXPECT_EQ(utf8_prefix(text, 2), text.substr(0, 1));
  EXPECT_EQ(utf8_prefix(text, 0), "");
  EXPECT_EQ(utf8_prefix("\x80\x80", 1), "");
}

TEST(Utf8, IsRepairedByteByByte) {
  EXPECT_EQ(repaired_utf8("na\xc3\xafve"), "na\xc3\xafve");
  EXPECT_EQ(repaired_utf8("caf\xe9 \xff"), "caf\xef\xbf\xbd \xef\xbf\xbd");
  EXPECT_EQ(repaired_utf8(""), "");
}

}  // namespace
}  // namespace neve
