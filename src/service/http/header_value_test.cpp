#include "service/http/header_value.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <neve/service/request.hpp>

namespace neve::service {
namespace {

std::vector<std::string> members(std::string_view list, Backslash backslash = Backslash::escapes) {
  std::vector<std::string> all;
  while (const auto member = take_member(list, backslash)) all.emplace_back(*member);
  return all;
}

TEST(HeaderValue, ListsAreTakenApartAtTheirCommas) {
  EXPECT_EQ(members("a, b,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(members(" ,a\t,, b ,"), (std::vector<std::string>{"a", "b"})) << "empty members are none";
  EXPECT_EQ(members(""), std::vector<std::string>{});
  EXPECT_EQ(members(R"(x="1, 2", "y\", z")"), (std::vector<std::string>{R"(x="1, 2")", R"("y\", z")"}));
  EXPECT_EQ(members(R"("a\", "b")", Backslash::plain), (std::vector<std::string>{R"("a\")", R"("b")"}));
  EXPECT_EQ(members("\"never, closed"), std::vector<std::string>{"\"never, closed"});
  EXPECT_TRUE(has_member("Upgrade, CLOSE", "close"));
  EXPECT_FALSE(has_member("x=\"a, close\"", "close"));
}

TEST(HeaderValue, AHeaderThatIsAListMayComeInSeveralFields) {
  const std::vector<Header> headers{{"accept", "a"}, {"other", "x"}, {"accept", "b, c"}, {"empty", ""}};
  EXPECT_EQ(find_list_header(headers, "accept"), "a, b, c");
  EXPECT_EQ(find_list_header(headers, "other"), "x");
  EXPECT_EQ(find_list_header(headers, "empty"), "") << "which is not the same as none";
  EXPECT_EQ(find_list_header(headers, "none"), std::nullopt);
  EXPECT_EQ(find_list_header({}, "accept"), std::nullopt);
  EXPECT_EQ(*find_header(headers, "accept"), "a");
}

TEST(HeaderValue, NoCacheAndAnAgeOfNothingWantAFreshAnswer) {
  for (const char* fresh : {"no-cache", "No-Cache", "private, no-cache", "max-age=0", "MAX-AGE=\"0\"", "max-age=00"}) {
    EXPECT_TRUE(wants_fresh(fresh)) << fresh;
  }
  for (const char* stored : {"", "private", "max-age=60", "max-age", "max-age=", "s-maxage=0", "x-no-cache",
                             "no-cached", "x=\"a, no-cache\"", "only-if-cached"}) {
    EXPECT_FALSE(wants_fresh(stored)) << stored;
  }
}

TEST(HeaderValue, HostIsANameOrAnAddressAndPerhapsAPort) {
  for (const char* host : {"", "a", "example.org", "example.org:8080", "127.0.0.1:1", "[::1]", "[2001:db8::1]:443",
                           "a:", "my_host", "%C3%A4", "xn--4ca.de"}) {
    EXPECT_TRUE(is_host(host)) << host;
  }
  for (const char* other : {"a b", "a/", "a b/", "http://a", "user@a", "a:b", "a:1:2", "[::1", "::1", "[]", "[::1]x",
                            "a?b", "a#b", "a,b c", "%4", "%zz", "\xC3\xA4"}) {
    EXPECT_FALSE(is_host(other)) << other;
  }
}

TEST(HeaderValue, DigitsAreANumberAndNothingElseIs) {
  EXPECT_EQ(parse_digits("0"), 0U);
  EXPECT_EQ(parse_digits("18446744073709551615"), UINT64_MAX);
  for (const char* none : {"", "+1", "-1", " 1", "1 ", "0x1", "1.0", "18446744073709551616"}) {
    EXPECT_EQ(parse_digits(none), std::nullopt) << none;
  }
}

}  // namespace
}  // namespace neve::service
