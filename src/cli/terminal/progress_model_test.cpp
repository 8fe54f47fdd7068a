#include <neve/base/text_table.hpp>

#include "cli/terminal/progress_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Moment kStart{};

Moment at(double seconds) {
  return kStart + std::chrono::duration_cast<Moment::duration>(std::chrono::duration<double>(seconds));
}

TEST(ProgressModel, ShowsFractionRateAndTimeLeft) {
  ProgressModel model({});
  model.run_started(3, at(0));
  model.stage_queued("fiber", "");
  model.stage_started("fiber", "", 1, at(0));
  model.stage_progress("fiber", "", 0.25, "z = 3.7 cm");
  const auto lines = model.lines(100, 10, at(10));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], StartsWith("fiber "));
  EXPECT_THAT(lines[0], HasSubstr("#######......"));
  EXPECT_THAT(lines[0], HasSubstr(" 25%  00:10  2.50 %/s  left 00:30  z = 3.7 cm"));
  EXPECT_EQ(lines[1], "0 of 3 stages done  00:10");
}

TEST(ProgressModel, AStageThatSaysNothingShowsItsTime) {
  ProgressModel model({});
  model.run_started(1, at(0));
  model.stage_started("fit", "fit.order=3", 2, at(0));
  const auto lines = model.lines(100, 10, at(65));
  EXPECT_THAT(lines[0], HasSubstr("fit (attempt 2)"));
  EXPECT_THAT(lines[0], HasSubstr("01:05  fit.order=3"));
  EXPECT_THAT(lines[0], Not(HasSubstr("left")));
}

TEST(ProgressModel, ShowsHowFarAStageHasReadItsFiles) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  ProgressModel model({});
  model.run_started(1, at(0));
  model.stage_reading("fit", "", kGiB, 4 * kGiB, at(0));
  EXPECT_THAT(model.lines(120, 10, at(10))[0],
              HasSubstr(" 25%  00:10  2.50 %/s  left 00:30  reading 4.00 GiB of input files"));
  model.stage_reading("fit", "", 3 * kGiB, 4 * kGiB, at(30));
  EXPECT_THAT(model.lines(120, 10, at(30))[0], HasSubstr(" 75%  00:30"));
  model.stage_reading("fit", "", 4 * kGiB, 4 * kGiB, at(40));
  EXPECT_EQ(model.lines(120, 10, at(40)).size(), 1U) << "looking for the result takes no time to speak of";
  model.stage_started("fit", "", 1, at(41));
  EXPECT_THAT(model.lines(120, 10, at(43))[0], HasSubstr("      00:02"));
}

TEST(ProgressModel, AStageWhoseFilesCouldNotBeReadToTheEndIsNoLongerReading) {
  ProgressModel model({});
  model.run_started(1, at(0));
  model.stage_reading("fit", "", 1, 4, at(0));
  model.stage_queued("fit", "");
  EXPECT_EQ(model.lines(120, 10, at(1)), std::vector<std::string>{"0 of 1 stages done, 1 waiting  00:01"});
  model.stage_started("fit", "", 1, at(1));
  EXPECT_EQ(model.lines(120, 10, at(2)).back(), "0 of 1 stages done  00:02");
}

TEST(ProgressModel, SumsUpWhatIsDoneFoundFailedAndWaiting) {
  ProgressModel model({});
  model.run_started(5, at(0));
  model.stage_finished("a", "", StageOutcome::hit);
  model.stage_queued("b", "");
  model.stage_queued("c", "");
  model.stage_started("b", "", 1, at(0));
  model.stage_finished("b", "", StageOutcome::failed);
  EXPECT_EQ(model.lines(100, 10, at(1)).back(), "2 of 5 stages done, 1 found, 1 failed, 1 waiting  00:01");
}

TEST(ProgressModel, SaysWhatAnotherProcessComputes) {
  ProgressModel model({});
  model.run_started(2, at(0));
  model.stage_queued("a", "");
  model.stage_waiting("a", "");
  EXPECT_EQ(model.lines(100, 10, at(1)).back(), "0 of 2 stages done, 1 computed by another process  00:01");
  model.stage_finished("a", "", StageOutcome::shared);
  EXPECT_EQ(model.lines(100, 10, at(2)).back(), "1 of 2 stages done  00:02");
}

TEST(ProgressModel, FitsAnyTerminal) {
  for (const bool unicode : {false, true}) {
    ProgressModel model({false, unicode});
    model.run_started(100, at(0));
    for (int i = 0; i < 50; ++i) {
      const std::string name = "a_stage_with_a_rather_long_name_" + std::to_string(i);
      model.stage_started(name, "label", 1, at(0));
      model.stage_progress(name, "label", 0.5, "some text that goes on and on and on and on and on");
    }
    for (std::size_t width = 1; width < 200; ++width) {
      const auto lines = model.lines(width, 8, at(100));
      EXPECT_LE(lines.size(), 8U);
      for (const std::string& line : lines) EXPECT_LE(display_width(line), width) << line;
    }
  }
}

TEST(ProgressModel, TextFromAStageCannotSteerTheTerminal) {
  ProgressModel model({});
  model.run_started(1, at(0));
  model.stage_started("a", "", 1, at(0));
  model.stage_progress("a", "", 0.5, "\x1b[2J");
  EXPECT_THAT(model.lines(120, 10, at(1))[0], Not(HasSubstr("\x1b")));
}

TEST(ProgressModel, ColoursOnlyWhenAsked) {
  for (const bool colour : {false, true}) {
    ProgressModel model({colour, false});
    model.run_started(1, at(0));
    model.stage_started("a", "", 1, at(0));
    EXPECT_EQ(model.lines(120, 10, at(1))[0].find('\x1b') != std::string::npos, colour);
  }
}

}  // namespace
}  // namespace neve::cli
