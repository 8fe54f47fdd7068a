// What a result says to its reader beside the numbers.
#include <gmock/gmock.h>

#include "dataset/analysis/concentration/test_rows.hpp"

namespace neve::dataset {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> codes(const std::vector<std::vector<std::string>>& rows, Grain grain) {
  std::vector<std::string> found;
  for (const AnalysisWarning& warning : warnings_of(analyse_rows(rows, grain, default_thresholds())))
    found.push_back(warning.code);
  return found;
}

std::vector<std::vector<std::string>> countries_and_world(const std::string& world_in_2024) {
  return {{"Chad", "2023-01-01", "0.25"}, {"Mali", "2023-01-01", "3"}, {"World", "2023-01-01", "3.25"},
          {"Chad", "2024-01-01", "9"},    {"Mali", "2024-01-01", "1"}, {"World", "2024-01-01", world_in_2024}};
}

TEST(AnalysisWarnings, AnEntityAsLargeAsAllOthersInEveryPeriodMaySumThemUp) {
  EXPECT_THAT(codes(countries_and_world("10"), Grain::year), ElementsAre("possible_aggregate"));
  EXPECT_THAT(codes(countries_and_world("10.000001"), Grain::year), IsEmpty());
  EXPECT_THAT(codes(countries_and_world("10"), Grain::none),
              IsEmpty());  // one of three may be half of one sum by chance
  EXPECT_THAT(codes({{"a", "", "1"}, {"b", "", "2"}, {"c", "", "3"}, {"d", "", "4"}, {"e", "", "5"}, {"All", "", "15"}},
                    Grain::none),
              ElementsAre("possible_aggregate"));
}

TEST(AnalysisWarnings, AnEntityWithoutDatesMaySumUpThoseWithDates) {
  std::vector<std::vector<std::string>> rows{{"All customers", "", "15"}};
  for (const char* name : {"a", "b", "c", "d", "e"}) rows.push_back({name, "2023-01-01", std::to_string(rows.size())});
  EXPECT_THAT(codes(rows, Grain::year), testing::Contains("possible_aggregate"));
  rows.push_back({"All customers", "2024-01-01", "0.5"});
  rows.push_back({"a", "2024-01-01", "0.5"});
  EXPECT_THAT(codes(rows, Grain::year), testing::Not(testing::Contains("possible_aggregate")));
}

TEST(AnalysisWarnings, TwoEntitiesOfOneSizeAreNoSum) {
  EXPECT_THAT(
      codes({{"a", "2023-01-01", "5"}, {"b", "2023-01-01", "5"}, {"a", "2024-01-01", "5"}, {"b", "2024-01-01", "5"}},
            Grain::year),
      IsEmpty());
}

}  // namespace
}  // namespace neve::dataset
