#include "cache/backend/retention.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace neve {
namespace {

constexpr TimePoint kNow{std::chrono::hours(500'000)};

TEST(Retention, SecondsSavedPerByteDecide) {
  const RetentionFacts small_costly{10, 0, 10'000, kNow};
  const RetentionFacts large_costly{10, 0, 10'000'000, kNow};
  const RetentionFacts small_cheap{0.01, 0, 10'000, kNow};
  EXPECT_GT(retention_score(small_costly), retention_score(large_costly));
  EXPECT_GT(retention_score(small_costly), retention_score(small_cheap));
}

TEST(Retention, UseRaisesAndAgeLowers) {
  const RetentionFacts fresh{1, 0, 1000, kNow};
  const RetentionFacts used{1, 5, 1000, kNow};
  const RetentionFacts old{1, 0, 1000, kNow - std::chrono::hours(24)};
  EXPECT_GT(retention_score(used), retention_score(fresh));
  EXPECT_LT(retention_score(old), retention_score(fresh));
}

TEST(Retention, ThreeDaysUnusedCountAsHalfTheCost) {
  const RetentionFacts old{8, 0, 1000, kNow - std::chrono::hours(72)};
  const RetentionFacts half{4, 0, 1000, kNow};
  EXPECT_NEAR(retention_score(old), retention_score(half), 1e-9);
}

TEST(Retention, UnknownCostIsNeitherFreeNorDear) {
  const RetentionFacts unknown{0, 0, 1000, kNow};
  EXPECT_GT(retention_score(unknown), retention_score({0.001, 0, 1000, kNow}));
  EXPECT_LT(retention_score(unknown), retention_score({60, 0, 1000, kNow}));
}

TEST(Retention, SenselessCostsStillGiveAnOrder) {
  for (const double cost : {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(retention_score({cost, 0, 0, kNow}), retention_score({0, 0, 0, kNow}));
  }
}

}  // namespace
}  // namespace neve
