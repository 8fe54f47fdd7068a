#include "pipeline/file/yaml_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

Json value_of(std::string_view text) { return to_json(parse_yaml(text, "f.yaml"), "f.yaml"); }

std::string yaml_refusal(std::string_view text, ErrorCode code = ErrorCode::invalid_argument) {
  return refusal_of([&] { (void)value_of(text); }, code);
}

struct Scalar {
  const char* text;
  Json value;
};

class CoreSchema : public testing::TestWithParam<Scalar> {};

TEST_P(CoreSchema, TypesAPlainScalar) {
  const Json value = value_of(GetParam().text);
  EXPECT_EQ(value, GetParam().value) << GetParam().text;
  EXPECT_EQ(value.type_name(), std::string(GetParam().value.type_name())) << GetParam().text;
  EXPECT_EQ(value.is_number_float(), GetParam().value.is_number_float()) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Yaml12, CoreSchema,
    testing::Values(Scalar{"~", nullptr}, Scalar{"null", nullptr}, Scalar{"NULL", nullptr}, Scalar{"nULL", "nULL"},
                    Scalar{"true", true}, Scalar{"FALSE", false}, Scalar{"no", "no"}, Scalar{"on", "on"},
                    Scalar{"y", "y"}, Scalar{"12", 12}, Scalar{"-3", -3}, Scalar{"+5", 5}, Scalar{"012", 12},
                    Scalar{"0x1F", 31}, Scalar{"0o17", 15}, Scalar{"0o18", "0o18"}, Scalar{"1_000", "1_000"},
                    Scalar{"0b1", "0b1"}, Scalar{"18446744073709551615", 18446744073709551615U},
                    Scalar{"-9223372036854775808", INT64_MIN}, Scalar{"1.5", 1.5}, Scalar{".5", 0.5}, Scalar{"5.", 5.0},
                    Scalar{"1e-3", 1e-3}, Scalar{"1e3", 1e3}, Scalar{"1E+6", 1e6}, Scalar{"-1.5e-300", -1.5e-300},
                    Scalar{"1e", "1e"}, Scalar{".", "."}, Scalar{"1.2.3", "1.2.3"}, Scalar{"e5", "e5"},
                    Scalar{"-.inf", -INFINITY}, Scalar{".Inf", INFINITY}, Scalar{"inf", "inf"}, Scalar{"\"12\"", "12"},
                    Scalar{"'true'", "true"}, Scalar{"10:30", "10:30"}, Scalar{"2024-01-01", "2024-01-01"}));

TEST(YamlTree, NotANumberIsAFloatingPointNumber) { EXPECT_TRUE(std::isnan(value_of(".nan").get<double>())); }

TEST(YamlTree, KnowsWhereKeysAndValuesStand) {
  const YamlNode root = parse_yaml("a: 1\nb:\n  c: [x, y]\n", "f.yaml");
  const YamlNode::Member& c = root.find("b")->members.at(0);
  EXPECT_EQ(place_at("f.yaml", c.position).text, "f.yaml:3:3");
  EXPECT_EQ(place_at("f.yaml", c.value.items.at(1).position).text, "f.yaml:3:10");
}

TEST(YamlTree, CountsColumnsInCharactersNotBytes) {
  EXPECT_EQ(yaml_refusal("é: [1, 99999999999999999999]"),
            "f.yaml:1:8: 99999999999999999999 does not fit a 64-bit integer");
}

TEST(YamlTree, NumbersThatFitNo64BitsAreRefused) {
  EXPECT_THAT(yaml_refusal("-9223372036854775809"), HasSubstr("does not fit a 64-bit integer"));
  EXPECT_THAT(yaml_refusal("1e999"), HasSubstr("does not fit a 64-bit floating-point number"));
}

TEST(YamlTree, ExpandsAliases) { EXPECT_EQ(value_of("a: &x [1, 2]\nb: *x"), Json({{"a", {1, 2}}, {"b", {1, 2}}})); }

TEST(YamlTree, RefusesWhatWouldHaveTwoMeanings) {
  EXPECT_THAT(yaml_refusal("a: 1\na: 2"), StartsWith("f.yaml:2:1: 'a' is given twice"));
  EXPECT_THAT(yaml_refusal("a: 1\n\"a\": 2"), StartsWith("f.yaml:2:1: 'a' is given twice"));
  EXPECT_THAT(yaml_refusal("a: 1\n---\nb: 2"), HasSubstr("several YAML documents"));
  EXPECT_THAT(yaml_refusal(""), HasSubstr("no YAML document"));
  EXPECT_THAT(yaml_refusal("a: !!str 5"), StartsWith("f.yaml:1:4: the tag"));
  EXPECT_THAT(yaml_refusal("x: &x {a: 1}\ny: {<<: *x}"), HasSubstr("merge keys"));
  EXPECT_THAT(yaml_refusal("? [a]\n: 1"), HasSubstr("a name must be text"));
  EXPECT_THAT(yaml_refusal("x: &x [1]\n? *x\n: 1"), HasSubstr("a name must be text"));
  EXPECT_THAT(yaml_refusal("a: &x [*x]"), HasSubstr("alias inside the value"));
  EXPECT_THAT(yaml_refusal("a: \xff"), StartsWith("f.yaml:1:4: not UTF-8"));
  EXPECT_THAT(yaml_refusal(std::string_view("a: \0", 4)), HasSubstr("not UTF-8"));
}

TEST(YamlTree, TellsWhoIndentsByTabs) { EXPECT_THAT(yaml_refusal("a:\n\tb: 1\n"), HasSubstr("tab")); }

TEST(YamlTree, AQuoteThatIsNotClosedIsRefusedWhereItBegins) {
  EXPECT_THAT(yaml_refusal("a: 1\nb: 'x\nc: 2\n"), StartsWith("f.yaml:2:4: the quote that begins here is not closed"));
  EXPECT_THAT(yaml_refusal("b: \"x\\\"\nc: 2\n"), StartsWith("f.yaml:1:4: the quote that begins here is not closed"));
  EXPECT_THAT(yaml_refusal("b: &x 'it''s\n"), HasSubstr("not closed"));
  EXPECT_THAT(yaml_refusal("b: 'x"), HasSubstr("not closed"));
  EXPECT_EQ(value_of("\xEF\xBB\xBF'a': &x 'it''s'\nb: \"\\\"\"\nc: ''"), Json({{"a", "it's"}, {"b", "\""}, {"c", ""}}));
}

TEST(YamlTree, ABracketThatIsNotClosedIsRefusedWhereItBegins) {
  for (const char* const text : {"[1", "[1, [2]", "{n: 3", "[1, ']'", "[\"]\", {a: ']'}"})
    EXPECT_EQ(yaml_refusal(text), "f.yaml:1:1: the bracket that begins here is not closed") << text;
  EXPECT_THAT(yaml_refusal("[a]: 1"), HasSubstr("a name must be text"));
  EXPECT_THAT(yaml_refusal("? {a: '}'}\n: 1"), HasSubstr("a name must be text"));
}

TEST(YamlTree, ANameNeedsItsColon) {
  const std::string expected = "expected ': ' after the name 'b 3'";
  EXPECT_EQ(yaml_refusal("a: 1\nb 3\n"), "f.yaml:2:1: " + expected);
  EXPECT_EQ(yaml_refusal("w:\n  a: 1\n  b 3\n"), "f.yaml:3:3: " + expected);
  EXPECT_EQ(yaml_refusal("w: {a: 1, b 3}"), "f.yaml:1:11: " + expected);
  EXPECT_THAT(yaml_refusal("{a: 1, 'b:c'}"), HasSubstr("expected ': ' after the name 'b:c'"));
  EXPECT_THAT(yaml_refusal("a: 1\nb:c\n"), HasSubstr("expected ': ' after the name 'b:c'"));
  EXPECT_EQ(value_of("x: &k a\n\"q\\\"\":\n'r''' :\n*k :\nb: {c: , d:}\ne: ~\n&m f:"),
            Json({{"x", "a"},
                  {"q\"", nullptr},
                  {"r'", nullptr},
                  {"a", nullptr},
                  {"b", {{"c", nullptr}, {"d", nullptr}}},
                  {"e", nullptr},
                  {"f", nullptr}}));
}

TEST(YamlTree, NothingBetweenTwoCommasIsNoValue) {
  EXPECT_THAT(yaml_refusal("a: [1,,2]"), StartsWith("f.yaml:1:7: expected a value before ','"));
  EXPECT_EQ(value_of("a: [1, null, ~, 2,]\nb:\n-\n- 1"), Json({{"a", {1, nullptr, nullptr, 2}}, {"b", {nullptr, 1}}}));
}

TEST(YamlTree, NothingStandsWhereItsNameDoes) {
  const YamlNode root = parse_yaml("a:\nb: 1\n", "f.yaml");
  EXPECT_EQ(place_at("f.yaml", root.members.at(0).value.position).text, "f.yaml:1:1");
}

TEST(YamlTree, SaysWhatWasExpected) {
  EXPECT_THAT(yaml_refusal("a: echo b: c"), AllOf(StartsWith("f.yaml:1:10: "), HasSubstr("needs quotes")));
  EXPECT_THAT(yaml_refusal("a:\n   b: 1\n  c: 2\n"), AllOf(StartsWith("f.yaml:3:3: "), HasSubstr("indented")));
  EXPECT_THAT(yaml_refusal("a: *.py"), AllOf(StartsWith("f.yaml:1:4: "), HasSubstr("needs quotes")));
  EXPECT_THAT(yaml_refusal("a: [*.py]"), HasSubstr("needs quotes"));
  EXPECT_THAT(yaml_refusal("a: [\"x\", *]"), HasSubstr("needs quotes"));
  EXPECT_THAT(yaml_refusal("a: @b"), HasSubstr("needs quotes"));
  EXPECT_THAT(yaml_refusal("a: {b: 1\nc: 2\n"), HasSubstr("expected ',' or '}'"));
  EXPECT_THAT(yaml_refusal("a: [b\nc: 2\n"), HasSubstr("expected ',' or ']'"));
  EXPECT_THAT(yaml_refusal("a: [1]]"), HasSubstr("nothing that is open"));
  EXPECT_THAT(yaml_refusal("a: - 1"), HasSubstr("begins a line"));
  EXPECT_THAT(yaml_refusal("a: \"\\d\""), HasSubstr("single quotes"));
  EXPECT_THAT(yaml_refusal("a: |x\n"), HasSubstr("next line"));
}

TEST(YamlTree, AliasesOfAliasesAreBounded) {
  std::string text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int level = 1; level < 9; ++level) {
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int i = 0; i < 10; ++i) text += (i == 0 ? "*a" : ", *a") + std::to_string(level - 1);
    text += "]\n";
  }
  EXPECT_THAT(yaml_refusal(text, ErrorCode::too_large), HasSubstr("more than 100000 values"));
}

TEST(YamlTree, RepeatedLongTextsAreBounded) {
  std::string text = "a: &a " + std::string(500'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 50; ++i) text += ", *a";
  EXPECT_THAT(yaml_refusal(text + "]", ErrorCode::too_large), HasSubstr("bytes of text"));
}

TEST(YamlTree, NestingIsBoundedAlsoThroughAliases) {
  EXPECT_THAT(yaml_refusal(std::string(100, '[') + std::string(100, ']'), ErrorCode::too_large),
              HasSubstr("64 levels"));
  std::string text = "a: &a " + std::string(40, '[') + std::string(40, ']') + "\nb: " + std::string(40, '[') + "*a" +
                     std::string(40, ']');
  EXPECT_THAT(yaml_refusal(text, ErrorCode::too_large), HasSubstr("64 levels"));
}

TEST(YamlTree, LargeFilesAreRefusedUnread) {
  EXPECT_THAT(yaml_refusal(std::string((1 << 20) + 1, '#'), ErrorCode::too_large),
              HasSubstr("larger than 1048576 bytes"));
}

}  // namespace
}  // namespace neve
