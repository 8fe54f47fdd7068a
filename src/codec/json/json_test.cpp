#include <gtest/gtest.h>

#include <limits>
#include <string>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

std::string refusal(std::string_view text, ErrorCode expected) {
  return refusal_of([&] { (void)parse_json(text); }, expected);
}

std::string printing_refusal(const Json& value) {
  return refusal_of([&] { (void)dump_compact_json(value); });
}

TEST(ParseJson, KeepsIntegersAndFloatsApart) {
  const Json tree = parse_json(R"([1, 1.0, -1, 18446744073709551615, -9223372036854775808, -0, 1e2])");
  EXPECT_EQ(dump_compact_json(tree), "[1,1.0,-1,18446744073709551615,-9223372036854775808,0,100.0]");
}

TEST(ParseJson, RefusesIntegersThatDoNotFitInsteadOfRounding) {
  const std::string message = refusal("{\"n\":\n 18446744073709551616}", ErrorCode::unsupported);
  EXPECT_NE(message.find("byte 7 (line 2, column 2)"), std::string::npos) << message;
  EXPECT_NE(message.find("18446744073709551616"), std::string::npos) << message;
  (void)refusal("-9223372036854775809", ErrorCode::unsupported);
}

TEST(ParseJson, TakesTheLastOfTwoMembersWithOneName) {
  EXPECT_EQ(parse_json(R"({"a": 1, "b": 2, "a": 3})"), Json({{"a", 3}, {"b", 2}}));
}

TEST(ParseJson, ReadsNumbersBeyondDoubleAsPythonDoes) {
  EXPECT_EQ(dump_compact_json(parse_json("[1e400, -1e400, 1e-400, -1e-400, NaN, Infinity, -Infinity]")),
            "[Infinity,-Infinity,0.0,-0.0,NaN,Infinity,-Infinity]");
  EXPECT_EQ(dump_compact_json(parse_json("[5e9223372036854775807, -0.5e-9223372036854775807, 1e99999999999999999999]")),
            "[Infinity,-0.0,Infinity]");
}

TEST(ParseJson, KeepsLoneSurrogatesInThreeBytes) {
  const Json tree = parse_json(R"(["\ud800", "\udfffx", "\ud83d\udd2c", "\ud800\ud83d\udd2c"])");
  EXPECT_EQ(tree[0].get<std::string>(), "\xED\xA0\x80");
  EXPECT_EQ(tree[2].get<std::string>(), "\xF0\x9F\x94\xAC");
  EXPECT_EQ(dump_compact_json(tree), R"(["\ud800","\udfffx","\ud83d\udd2c","\ud800\ud83d\udd2c"])");
  EXPECT_EQ(parse_json("\"\xED\xA0\x80\""), tree[0]);
}

TEST(ParseJson, RefusesASurrogatePairWrittenApart) {
  for (const char* text : {"\"\xED\xA0\xBD\xED\xB4\xAC\"", "\"\\ud83d\xED\xB4\xAC\"", "\"\xED\xA0\xBD\\udd2c\""}) {
    (void)refusal(text, ErrorCode::corrupt);
  }
}

TEST(ParseJson, SaysWhereAndWhatIsWrong) {
  const std::string message = refusal("{\n  \"a\": 1,\n  \"b\" 2\n}", ErrorCode::corrupt);
  EXPECT_NE(message.find("byte 18 (line 3, column 7)"), std::string::npos) << message;
  EXPECT_NE(message.find("expected ':'"), std::string::npos) << message;
}

TEST(ParseJson, RefusesWhatPythonRefuses) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "-",
                           "1e",
                           "1e+",
                           "0x10",
                           "nan",
                           "-NaN",
                           "tru",
                           "truex",
                           "1 2",
                           "[1 2]",
                           "\"\\x41\"",
                           "\"\\u12\"",
                           "\"\\u-123\"",
                           "\"\\u+123\"",
                           "\"a\nb\"",
                           "\"\xFF\"",
                           "\"\xC0\x80\"",
                           "\"\xF4\x90\x80\x80\"",
                           "\"abc",
                           "\"abc\\",
                           "// comment\n1",
                           "\xEF\xBB\xBF{}"}) {
    (void)refusal(text, ErrorCode::corrupt);
  }
}

TEST(ParseJson, StopsAtTwoHundredLevels) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(dump_compact_json(parse_json(nested(200))), nested(200));
  (void)refusal(nested(201), ErrorCode::unsupported);
  (void)refusal(std::string(10'000'000, '['), ErrorCode::unsupported);
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += "{\"a\":";
  (void)refusal(objects, ErrorCode::unsupported);
}

TEST(ParseJson, RefusesEveryTruncation) {
  const std::string text = R"({"a": [1.5e-3, "x\u00e9\ud83d\udd2c\n", null, true, {"b": -Infinity}], "µ": NaN})";
  (void)parse_json(text);
  for (std::size_t length = 0; length < text.size(); ++length)
    (void)refusal(text.substr(0, length), ErrorCode::corrupt);
}

TEST(DumpJson, WritesPythonsBytes) {
  const Json tree = {{"é", 1}, {"e", Json::array()}, {"Z", Json::object()}, {"f", {1.0, -0.0, 1e16, 1e-5}}};
  EXPECT_EQ(dump_spaced_json(tree), R"({"Z": {}, "e": [], "f": [1.0, -0.0, 1e+16, 1e-05], "\u00e9": 1})");
  EXPECT_EQ(dump_compact_json(tree), R"({"Z":{},"e":[],"f":[1.0,-0.0,1e+16,1e-05],"\u00e9":1})");
}

TEST(DumpJson, EscapesAsPythonDoes) {
  EXPECT_EQ(dump_compact_json(std::string("\0\x01\b\f\n\r\t\x1f \x7f\"\\/", 13)),
            R"("\u0000\u0001\b\f\n\r\t\u001f \u007f\"\\/")");
}

TEST(DumpJson, NamesTheTextThatIsNotUtf8) {
  EXPECT_NE(printing_refusal({{"runs", {1, {{"a/b", "ok\xFF"}}}}}).find("'/runs/1/a~1b' is not UTF-8 at its byte 2"),
            std::string::npos);
  EXPECT_NE(printing_refusal({{"x\xFF", 1}}).find("the name at '/x\\xff'"), std::string::npos);
}

TEST(DumpJson, RefusesWhatNoReaderWouldGetBack) {
  Json deep = 1;
  for (int i = 0; i < 201; ++i) deep = Json::array({std::move(deep)});
  EXPECT_NE(printing_refusal(deep).find("200 levels"), std::string::npos);
  EXPECT_NE(printing_refusal({{"blob", Json::binary({1, 2})}}).find("'/blob'"), std::string::npos);
}

TEST(DumpJson, KeepsLongTextsWhole) {
  for (const std::size_t length : {15, 16, 17, 79, 80, 81, 1000, 3'000'000}) {
    for (const std::string_view special : {"", "\"", "\\", "\n", "é", "\x7f"}) {
      const Json text = std::string(length, 'A') + std::string(special) + std::string(length, 'B');
      EXPECT_TRUE(parse_json(dump_compact_json(text)) == text) << length << special;
    }
  }
}

TEST(FindNonFinite, PointsAtTheFirstOne) {
  EXPECT_EQ(find_non_finite({{"a", {1.0, 2}}}), std::nullopt);
  EXPECT_EQ(find_non_finite({{"b", 1}, {"a", {1.0, {{"x/y", std::numeric_limits<double>::infinity()}}}}}), "/a/1/x~1y");
  EXPECT_EQ(find_non_finite(std::numeric_limits<double>::quiet_NaN()), "");
}

}  // namespace
}  // namespace neve
