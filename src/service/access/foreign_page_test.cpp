#include "service/access/foreign_page.hpp"

#include <gtest/gtest.h>

#include "service/client_double.hpp"

namespace neve::service {
namespace {

bool is_foreign(const char* method, std::vector<Header> headers) {
  TextClient client;
  return sign_of_foreign_page(request_of(client, method, "/api/v1/datasets", std::move(headers))).has_value();
}

TEST(ForeignPage, ProgramsThatAreNoBrowsersComeFromNoPage) {
  EXPECT_FALSE(is_foreign("POST", {{"host", "127.0.0.1:8080"}}));
  EXPECT_FALSE(is_foreign("DELETE", {{"host", "[::1]:8080"}}));
  EXPECT_FALSE(is_foreign("POST", {}));
}

TEST(ForeignPage, ABrowserSaysWhoseThePageIs) {
  const Header host{"host", "localhost:8080"};
  for (const char* site : {"cross-site", "same-site"}) {
    EXPECT_TRUE(is_foreign("POST", {host, {"sec-fetch-site", site}})) << site;
    EXPECT_TRUE(is_foreign("DELETE", {host, {"sec-fetch-site", site}})) << site;
    EXPECT_FALSE(is_foreign("GET", {host, {"sec-fetch-site", site}})) << "a link from there";
  }
  for (const char* site : {"same-origin", "none"})
    EXPECT_FALSE(is_foreign("POST", {host, {"sec-fetch-site", site}})) << site;
}

TEST(ForeignPage, AnOlderBrowserSaysThePagesOrigin) {
  const Header host{"host", "localhost:8080"};
  EXPECT_FALSE(is_foreign("POST", {host, {"origin", "http://LocalHost:8080"}}));
  for (const char* origin : {"https://elsewhere.example", "http://localhost:3000", "http://localhost", "null", "://"}) {
    EXPECT_TRUE(is_foreign("POST", {host, {"origin", origin}})) << origin;
    EXPECT_FALSE(is_foreign("GET", {host, {"origin", origin}})) << origin;
  }
}

TEST(ForeignPage, ANameThatWasLedHereIsForeign) {
  for (const char* host : {"localhost", "LOCALHOST:8080", "localhost.:80", "neve.localhost:80", "127.0.0.1", "[::1]:80",
                           "10.0.0.7:8080"}) {
    EXPECT_FALSE(is_foreign("GET", {{"host", host}})) << host;
  }
  for (const char* host : {"elsewhere.example", "elsewhere.example:8080", "localhost.elsewhere.example",
                           "127.0.0.1.elsewhere.example", "notlocalhost"}) {
    EXPECT_TRUE(is_foreign("GET", {{"host", host}})) << host;
  }
}

}  // namespace
}  // namespace neve::service
