#include "service/http/response_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::service {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(ResponseHead, CountsTheBody) {
  Response response;
  response.with("Content-Type", "text/plain").body = Bytes::from(std::string("hello"));
  const std::string head = write_response_head(response, AfterAnswer::keep);
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(head, HasSubstr(" GMT\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Connection")));
  EXPECT_THAT(write_response_head(response, AfterAnswer::close), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(ResponseHead, NamesEachStatusThatTheServiceAnswersWith) {
  for (const int status : {200, 201, 204, 206, 304, 400, 401, 403, 404, 405, 408, 412, 413, 414,
                           415, 416, 417, 422, 429, 431, 499, 500, 501, 503, 504, 505, 507}) {
    EXPECT_NE(reason_phrase(status), "Unknown") << status;
  }
}

TEST(ResponseHead, SaysNoLengthWhereThereIsNoBody) {
  EXPECT_THAT(write_response_head({304, {}, {}, {}}, AfterAnswer::keep), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(write_response_head({204, {}, {}, {}}, AfterAnswer::keep), Not(HasSubstr("Content-Length")));
}

TEST(ResponseHead, NoValueForgesAHeader) {
  Response response;
  response.with("X-Name", "a\r\nSet-Cookie: b");
  EXPECT_THAT(write_response_head(response, AfterAnswer::keep), HasSubstr("X-Name: a  Set-Cookie: b\r\n"));
}

}  // namespace
}  // namespace neve::service
