#include "service/exchange/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Router, FindsRoutesWithWhatTheyCapture) {
  EXPECT_EQ(find_route("GET", "/healthz").route, Route::healthz);
  EXPECT_EQ(find_route("GET", "/api/v1/datasets").route, Route::list_datasets);
  const Destination analysis = find_route("POST", "/api/v1/datasets/or%64ers/analyses/concentration");
  EXPECT_EQ(analysis.route, Route::concentration);
  EXPECT_THAT(analysis.captures, ElementsAre("orders"));
  const Destination artifact = find_route("HEAD", "/api/v1/artifacts/a/b/c.json");
  EXPECT_EQ(artifact.route, Route::artifact);
  EXPECT_THAT(artifact.captures, ElementsAre("a", "b", "c.json"));
}

TEST(Router, KnowsWhichMethodsAPathTakes) {
  EXPECT_EQ(find_route("PUT", "/api/v1/datasets").allowed, "GET, HEAD, POST");
  EXPECT_EQ(find_route("POST", "/api/v1/datasets/a").allowed, "GET, HEAD, DELETE");
  EXPECT_EQ(find_route("PUT", "/api/v1/datasets").route, Route::unknown);
}

TEST(Router, NothingElseIsFound) {
  for (const char* path : {"/", "/api", "/api/v1/datasets/", "/api/v1/datasets/a/b", "/API/v1/datasets", "*",
                           "/api/v1/datasets/../datasets", "/api/v1/artifacts/a/b/..%2fc"}) {
    const Destination destination = find_route("GET", path);
    EXPECT_EQ(destination.route, Route::unknown) << path;
    EXPECT_THAT(destination.allowed, IsEmpty()) << path;
  }
}

}  // namespace
}  // namespace neve::service
