#include "dataset/columns/text_dictionary.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace neve::dataset {
namespace {

using namespace std::string_view_literals;

constexpr TextDictionary::Limits kRoomy{20'000, 1 << 20};

/// Texts of 0 to 40 bytes, many of them alike at both ends.
std::vector<std::string> some_texts(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(random() % 400);
    texts.push_back(std::string(random() % 12, 'a') + number + std::string(random() % 3 * 12, 'z'));
    if (random() % 10 == 0) texts.back().clear();
  }
  return texts;
}

TEST(TextDictionary, NumbersTextsAsTheyCome) {
  const std::vector<std::string> texts = some_texts(1, 30'000);
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  TextDictionary dictionary(kRoomy);
  std::map<std::string_view, std::uint32_t> expected;
  for (std::size_t begin = 0; begin < views.size(); begin += 1000) {
    const auto part = std::span(views).subspan(begin, 1000);
    dictionary.add(part);
    for (const std::string_view text : part) {
      if (!text.empty()) expected.try_emplace(text, static_cast<std::uint32_t>(expected.size()));
    }
  }
  ASSERT_TRUE(dictionary.open());
  ASSERT_EQ(dictionary.size(), expected.size());
  for (const auto& [text, number] : expected) {
    EXPECT_EQ(dictionary.find(text), number) << text;
    EXPECT_EQ(dictionary.text(number), text);
    EXPECT_EQ(dictionary.text(number).data()[text.size()], '\0');
  }
  std::size_t found = 0;
  dictionary.find_each(views, [&](std::size_t i, std::uint32_t number) {
    ++found;
    EXPECT_EQ(number, expected.at(views[i]));
  });
  EXPECT_EQ(found, static_cast<std::size_t>(
                       std::count_if(views.begin(), views.end(), [](auto text) { return !text.empty(); })));
}

TEST(TextDictionary, KnowsNoTextThatWasNotAdded) {
  TextDictionary dictionary(kRoomy);
  EXPECT_EQ(dictionary.find("a"), TextDictionary::kNone);
  dictionary.add(std::vector{"a text of more than sixteen bytes"sv, "b"sv});
  EXPECT_EQ(dictionary.find("a text of more than sixteen bites"), TextDictionary::kNone);
  EXPECT_EQ(dictionary.find("bb"), TextDictionary::kNone);
}

TEST(TextDictionary, ClosesWhereThereIsNoRoom) {
  TextDictionary few({2, 1000});
  few.add(std::vector{"a"sv, "b"sv, "a"sv});
  EXPECT_TRUE(few.open());
  few.add(std::vector{"b"sv, "c"sv, "d"sv});
  EXPECT_FALSE(few.open());
  EXPECT_EQ(few.size(), 0U);
  few.add(std::vector{"a"sv});
  EXPECT_EQ(few.find("a"), TextDictionary::kNone);

  TextDictionary small({100, 10});
  small.add(std::vector{"eleven bytes"sv});
  EXPECT_FALSE(small.open());

  TextDictionary zeros(kRoomy);
  zeros.add(std::vector{"a\0b"sv});  // its end would be taken for the zero
  EXPECT_FALSE(zeros.open());
}

}  // namespace
}  // namespace neve::dataset
