#include "service/http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::service {
namespace {

using testing::ElementsAre;
using testing::Optional;

TEST(Target, PathSegmentsAreDecoded) {
  EXPECT_THAT(path_segments("/"), Optional(ElementsAre()));
  EXPECT_THAT(path_segments("/api/v1/a%20b"), Optional(ElementsAre("api", "v1", "a b")));
  EXPECT_THAT(path_segments("/%C3%A9t%C3%A9"), Optional(ElementsAre("été")));
}

TEST(Target, NoSegmentLeadsAnywhereElse) {
  for (const char* path :
       {"",       "a",    "//",    "/a//b", "/a/", "/.",  "/a/../b", "/%2e%2e/b", "/.%2E",         "/a%2fb",
        "/a%5cb", "/%00", "/a%0a", "/%7f",  "/%",  "/%4", "/%zz",    "/%ff",      "/%c0%ae%c0%ae", "/%ed%a0%80"}) {
    EXPECT_EQ(path_segments(path), std::nullopt) << path;
  }
}

TEST(Target, QueryParametersAreDecodedInOrder) {
  const auto query = QueryParameters::parse("name=a+b%26c&&flag&x=1=2");
  EXPECT_THAT(query.all(), ElementsAre(std::pair<std::string, std::string>("name", "a b&c"),
                                       std::pair<std::string, std::string>("flag", ""),
                                       std::pair<std::string, std::string>("x", "1=2")));
  EXPECT_EQ(query.find("none"), nullptr);
}

TEST(Target, QueriesThatCannotBeMeantAreRefused) {
  EXPECT_THROW((void)QueryParameters::parse("a=1&a=2"), Error);
  EXPECT_THROW((void)QueryParameters::parse("a=%g1"), Error);
  EXPECT_THROW((void)QueryParameters::parse("a=%00"), Error);
  EXPECT_THROW((void)QueryParameters::parse("a=%fe"), Error);
  std::string many;
  for (int i = 0; i < 65; ++i) many += "p" + std::to_string(i) + "&";
  EXPECT_THROW((void)QueryParameters::parse(many), Error);
}

TEST(Target, EncodedTextDecodesToItself) {
  const std::string text = "a/b \"c\" ü~%";
  EXPECT_EQ(percent_decoded(percent_encoded(text)), text);
}

}  // namespace
}  // namespace neve::service
