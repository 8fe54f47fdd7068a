#include <gtest/gtest.h>

#include <string>

#include <neve/key/key.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

std::string refusal(std::string text) {
  return refusal_of([&] { const Key key(std::move(text)); });
}

TEST(Key, TakesDigestsAndReadableNames) {
  EXPECT_EQ(Key(std::string(64, 'a')).text(), std::string(64, 'a'));
  for (const char* text : {"a", "analysis:sales-2024:9f3c", "A_b.c-d:9", "-x", "_"})
    EXPECT_TRUE(Key::is_valid(text)) << text;
  EXPECT_TRUE(Key::is_valid(std::string(200, 'k')));
}

TEST(Key, RefusesWhatIsNoSafeFileName) {
  for (const std::string& text : {std::string(), std::string("."), std::string(".."), std::string(".hidden"),
                                  std::string("a/b"), std::string("a b"), std::string("a\0b", 3), std::string("é"),
                                  std::string("a\\b"), std::string("{k}"), std::string(201, 'k')}) {
    EXPECT_FALSE(Key::is_valid(text)) << text;
  }
}

TEST(Key, SaysWhatDoesNotFit) {
  EXPECT_NE(refusal("run/7").find("'run/7' has a character that does not fit at position 3"), std::string::npos);
  EXPECT_NE(refusal("").find("is empty"), std::string::npos);
  EXPECT_NE(refusal(".x").find("starts with a dot"), std::string::npos);
  EXPECT_NE(refusal(std::string(500, 'k')).find("500 characters"), std::string::npos);
}

}  // namespace
}  // namespace neve
