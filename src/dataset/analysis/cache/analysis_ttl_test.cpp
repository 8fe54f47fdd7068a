#include <neve/dataset/analysis/analysis_ttl.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/analysis/analysis_fixture.hpp"

namespace neve::dataset {
namespace {

using testing::HasSubstr;

TEST_F(AnalysisTest, EntriesLiveSixHoursAndThoseOfColdDatasetsLonger) {
  Analyses analyses = this->analyses();
  static_cast<void>(ask(analyses));
  EXPECT_EQ(backend_->last_expiry, clock_.now() + std::chrono::hours(6));
  clock_.advance(std::chrono::hours(7));
  EXPECT_EQ(ask(analyses).source, AnswerSource::artifact);
  clock_.advance(std::chrono::days(30));
  static_cast<void>(ask(analyses));
  EXPECT_EQ(backend_->last_expiry, clock_.now() + std::chrono::hours(48));
}

TEST(AnalysisTtl, FollowsTheHitRateWithinItsBoundsAndSaysSo) {
  std::vector<std::string> lines;
  AnalysisTtl ttl({}, [&lines](const std::string& line) { lines.push_back(line); });
  const auto window = [&ttl](int hits) {
    for (int i = 0; i < 256; ++i) ttl.count(i < hits);
  };
  window(200);
  EXPECT_EQ(ttl.current(), std::chrono::hours(6));
  window(250);
  EXPECT_EQ(ttl.current(), std::chrono::minutes(270));
  for (int i = 0; i < 20; ++i) window(256);
  EXPECT_EQ(ttl.current(), std::chrono::hours(1));
  window(100);
  EXPECT_EQ(ttl.current(), std::chrono::hours(2));
  for (int i = 0; i < 5; ++i) window(0);
  EXPECT_EQ(ttl.current(), std::chrono::hours(6));
  EXPECT_THAT(lines.front(), HasSubstr("21600 s -> 16200 s"));
  EXPECT_THAT(lines.front(), HasSubstr("250 of the last 256"));
  EXPECT_THROW(AnalysisTtl({std::chrono::hours(7)}, {}), Error);
}

TEST(AnalysisTtl, CanBeSetByItsLongest) {
  const TimePoint now{std::chrono::hours(24 * 365)};
  const AnalysisTtl ttl(AnalysisTtlOptions::at_most(std::chrono::minutes(10)), {});
  EXPECT_EQ(ttl.ttl(now, now), std::chrono::minutes(10));
  EXPECT_EQ(ttl.ttl(now - std::chrono::hours(24 * 31), now), std::chrono::minutes(80));
  EXPECT_THROW(static_cast<void>(AnalysisTtlOptions::at_most(std::chrono::seconds(0))), Error);
}

}  // namespace
}  // namespace neve::dataset
