#include "service/http/request_head.hpp"

#include <gtest/gtest.h>

namespace neve::service {
namespace {

RequestHead parsed(std::string_view text) {
  RequestHead head;
  const auto fault = parse_request_head(text, head);
  EXPECT_FALSE(fault.has_value()) << fault->detail;
  return head;
}

int status_of(std::string_view text) {
  RequestHead head;
  const auto fault = parse_request_head(text, head);
  return fault ? fault->status : 200;
}

std::string get_with(const std::string& headers) { return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"; }

TEST(RequestHead, IsReadWithItsTargetTakenApart) {
  const RequestHead head =
      parsed("POST /a%20b?x=1&y HTTP/1.1\r\nHost: example\r\nContent-Length: 12\r\nX-Api-Key:  k \r\n\r\n");
  EXPECT_EQ(head.request.method, "POST");
  EXPECT_EQ(head.request.path, "/a%20b");
  EXPECT_EQ(head.request.query, "x=1&y");
  EXPECT_EQ(head.request.content_length, 12U);
  EXPECT_EQ(*head.request.header("x-api-key"), "k");
  EXPECT_TRUE(head.request.has_body);
  EXPECT_TRUE(head.keep_alive);
}

TEST(RequestHead, OfAWholeUrlOnlyPathAndQueryCount) {
  EXPECT_EQ(parsed("GET HTTP://other:80/p?q HTTP/1.1\r\nHost: a\r\n\r\n").request.path, "/p");
  EXPECT_EQ(parsed("GET http://other HTTP/1.1\r\nHost: a\r\n\r\n").request.path, "/");
}

TEST(RequestHead, EndsAtItsEmptyLineAndMayBeginWithSome) {
  EXPECT_EQ(head_size("GET / HTTP/1.1\r\n"), std::nullopt);
  EXPECT_EQ(head_size("\r\n\r\nGET / HTTP/1.1\r\n\r\nrest"), 22U);
  EXPECT_EQ(head_size("\r\n\r\n"), std::nullopt);
}

TEST(RequestHead, TwoReadersCannotDisagreeAboutTheBody) {
  EXPECT_EQ(status_of(get_with("Content-Length: 3\r\nContent-Length: 3\r\n")), 400);
  EXPECT_EQ(status_of(get_with("Content-Length: +3\r\n")), 400);
  EXPECT_EQ(status_of(get_with("Content-Length: 3, 3\r\n")), 400);
  EXPECT_EQ(status_of(get_with("Content-Length: 99999999999999999999\r\n")), 400);
  EXPECT_EQ(status_of(get_with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(status_of(get_with("Transfer-Encoding: gzip, chunked\r\n")), 501);
  EXPECT_EQ(status_of(get_with("Transfer-Encoding : chunked\r\n")), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(RequestHead, RefusesWhatIsNoHttp) {
  EXPECT_EQ(status_of("GET /\r\n\r\n"), 400);
  EXPECT_EQ(status_of("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_of(get_with("Host: b\r\n")), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a b/\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 200) << "as of a target without an authority";
  EXPECT_EQ(status_of(get_with(" folded\r\n")), 400);
  EXPECT_EQ(status_of(get_with("A: b\nC: d\r\n")), 400);
  EXPECT_EQ(status_of(get_with(std::string("A: b\0c\r\n", 8))), 400);
  EXPECT_EQ(status_of(get_with("Expect: tea\r\n")), 417);
  EXPECT_EQ(status_of("GET /" + std::string(kMaxTargetBytes, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  std::string many;
  for (std::size_t i = 0; i < kMaxHeaders; ++i) many += "a: b\r\n";
  EXPECT_EQ(status_of(get_with(many)), 431);
}

TEST(RequestHead, SaysWhetherTheConnectionGoesOn) {
  EXPECT_FALSE(parsed(get_with("Connection: Upgrade, CLOSE\r\n")).keep_alive);
  EXPECT_FALSE(parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parsed(get_with("Expect: 100-continue\r\n")).expects_continue);
}

}  // namespace
}  // namespace neve::service
