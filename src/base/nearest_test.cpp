#include <gtest/gtest.h>

#include <vector>

#include <neve/base/nearest.hpp>

namespace neve {
namespace {

const std::vector<std::string> kFields{"length_m", "gamma", "betas", "raman"};

TEST(NearestName, FindsMisspellingsAndSwappedLetters) {
  EXPECT_EQ(nearest_name("lenght_m", kFields), "length_m");
  EXPECT_EQ(nearest_name("beta", kFields), "betas");
  EXPECT_EQ(nearest_name("gama", kFields), "gamma");
}

TEST(NearestName, SaysNothingWhenNothingIsClose) {
  EXPECT_EQ(nearest_name("temperature", kFields), "");
  EXPECT_EQ(suggestion("temperature", kFields), " (known: length_m, gamma, betas, raman)");
  EXPECT_EQ(suggestion("x", {}), "");
}

}  // namespace
}  // namespace neve
