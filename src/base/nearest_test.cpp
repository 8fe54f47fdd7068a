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

TEST(NearestName, FindsWhatABeginningIsOf) {
  EXPECT_EQ(nearest_name("length", kFields), "length_m");
  EXPECT_EQ(nearest_name("le", kFields), "");
}

TEST(NearestName, IsFirstOfAllTheSameInOtherCase) {
  const std::vector<std::string> letters{"g", "i", "Re"};
  EXPECT_EQ(nearest_name("I", letters), "i");
  EXPECT_EQ(nearest_name("RE", letters), "Re");
}

TEST(NearestName, SaysNothingWhenNothingIsClose) {
  EXPECT_EQ(nearest_name("temperature", kFields), "");
  EXPECT_EQ(suggestion("temperature", kFields), " (known: length_m, gamma, betas, raman)");
  EXPECT_EQ(suggestion("x", {}), "");
}

TEST(NearestName, NamesSomeOfMany) {
  std::vector<std::string> many;
  for (int i = 0; i < 5001; ++i) many.push_back("dataset_" + std::to_string(i));
  EXPECT_EQ(
      suggestion("nope", many),
      " (known: dataset_0, dataset_1, dataset_2, dataset_3, dataset_4, dataset_5, dataset_6, dataset_7, dataset_8, "
      "dataset_9 and 4991 more)");
  EXPECT_EQ(nearest_name("dataset_50x", many), "dataset_50");
}

}  // namespace
}  // namespace neve
