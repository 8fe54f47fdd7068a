#include "dataset/analysis/concentration/rank.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

struct Row {
  std::string name;
  Int128 millionths;
};

constexpr Int128 kOne = 1'000'000;

PeriodConcentration rank_rows(const std::vector<Row>& rows, const std::string& thresholds = "10,20,50") {
  std::vector<Int128> sums;
  for (const Row& row : rows) sums.push_back(row.millionths);
  return rank_entities("TOTAL", {sums, [&rows](std::size_t i) { return std::string_view(rows[i].name); }},
                       parse_thresholds(thresholds));
}

TEST(Rank, ShareExactlyAtTheThresholdIsWithinItAndReachesIt) {
  const auto result = rank_rows({{"a", 5 * kOne}, {"b", 3 * kOne}, {"c", 2 * kOne}}, "50,80");
  const auto& thresholds = result.measures->thresholds;
  EXPECT_EQ(thresholds[0].within.count, 1U);
  EXPECT_EQ(thresholds[0].reach.count, 1U);
  EXPECT_EQ(thresholds[0].top_entities.count, 2U);
  EXPECT_EQ(thresholds[1].within.count, 2U);
  EXPECT_EQ(thresholds[1].reach.count, 2U);
}

TEST(Rank, OneMillionthBeyondTheThresholdIsSeen) {
  const auto over = rank_rows({{"a", 50 * kOne + 1}, {"b", 50 * kOne - 1}}, "50");
  EXPECT_EQ(over.measures->thresholds[0].reach.count, 1U);
  EXPECT_EQ(over.measures->thresholds[0].within.count, 1U);  // never none
  const auto third = rank_rows({{"a", 1}, {"b", 1}, {"c", 1}}, "33.333333,33.333334");
  EXPECT_EQ(third.measures->thresholds[0].reach.count, 1U);
  EXPECT_EQ(third.measures->thresholds[1].reach.count, 2U);
}

TEST(Rank, TiesGoByCodePoint) {
  const auto result = rank_rows({{"\xf0\x90\x80\x80", kOne}, {"\xef\xbf\xbd", kOne}, {"z", kOne}, {"Z", kOne}});
  std::vector<std::string> names;
  for (const RankedEntity& row : result.measures->head) names.push_back(row.entity);
  EXPECT_EQ(names, (std::vector<std::string>{"Z", "z", "\xef\xbf\xbd", "\xf0\x90\x80\x80"}));
}

TEST(Rank, DoesNotDependOnTheOrderOfTheEntities) {
  std::mt19937_64 random(7);
  std::vector<Row> rows;
  for (int i = 0; i < 300; ++i) rows.push_back({"e" + std::to_string(i), static_cast<Int128>(random() % 50) * kOne});
  const auto expected = rank_rows(rows, "1,5,25,75,99.999999");
  for (int i = 0; i < 20; ++i) {
    std::shuffle(rows.begin(), rows.end(), random);
    EXPECT_EQ(rank_rows(rows, "1,5,25,75,99.999999"), expected);
  }
}

TEST(Rank, NegativeEntitiesLeaveTheIndicesOutAndSayWhy) {
  const auto result = rank_rows({{"a", 3 * kOne}, {"b", -kOne}});
  ASSERT_TRUE(result.measures);
  EXPECT_FALSE(result.measures->indices);
  EXPECT_EQ(result.measures->indices_reason, "negative_entity_totals");
  EXPECT_EQ(result.measures->ratios.cr1.text(), "150");
}

TEST(Rank, TotalThatIsNotPositiveIsUndefined) {
  for (const Int128 second : {-kOne, -2 * kOne}) {
    const auto result = rank_rows({{"a", kOne}, {"b", second}});
    EXPECT_FALSE(result.measures);
    EXPECT_EQ(result.reason, "non_positive_total");
  }
  const auto empty = rank_rows({});
  EXPECT_EQ(empty.entities, 0U);
  EXPECT_EQ(empty.reason, "non_positive_total");
}

TEST(Rank, HugeSumsStayExact) {
  Int128 huge = 1;
  for (int i = 0; i < 37; ++i) huge *= 10;
  const auto result = rank_rows({{"a", 3 * huge}, {"b", huge}});
  EXPECT_EQ(result.total.text(), "40000000000000000000000000000000");
  EXPECT_EQ(result.measures->ratios.cr1.text(), "75");
  EXPECT_EQ(result.measures->indices->hhi.text(), "0.625");
  EXPECT_EQ(result.measures->indices->hhi_10000.text(), "6250");
  EXPECT_EQ(result.measures->indices->effective_entities.text(), "1.6");
  EXPECT_EQ(result.measures->indices->gini.text(), "0.25");
  EXPECT_THROW(static_cast<void>(rank_rows({{"a", 10 * huge}, {"b", 9 * huge}})), Error);
}

TEST(Rank, LorenzCurveOfManyEntitiesHas101Points) {
  std::vector<Row> rows;
  for (int i = 0; i < 1'003; ++i) rows.push_back({std::to_string(i), kOne});
  const PeriodConcentration result = rank_rows(rows);
  const auto& curve = result.measures->indices->lorenz;
  ASSERT_EQ(curve.size(), 101U);
  for (const auto& [entities, value] : curve) EXPECT_EQ(entities, value);  // all equal: the diagonal
  EXPECT_EQ(curve[1].first.text(), "0.997009");                            // 10 of 1003
}

}  // namespace
}  // namespace neve::dataset
