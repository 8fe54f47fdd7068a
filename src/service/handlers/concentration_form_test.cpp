#include "service/handlers/concentration_form.hpp"

#include <gtest/gtest.h>

namespace neve::service {
namespace {

using dataset::Column;
using dataset::ColumnType;
using dataset::Grain;

ProblemKind refused(const std::string& body) {
  try {
    (void)concentration_params_from(body);
  } catch (const ProblemError& error) {
    return error.problem().kind;
  }
  return ProblemKind::internal;
}

dataset::Schema orders() {
  dataset::Schema schema;
  for (const auto& [name, type] :
       {std::pair{"customer", ColumnType::text}, {"revenue", ColumnType::decimal}, {"year", ColumnType::integer}}) {
    Column column;
    column.name = name;
    column.original = name;
    column.type = type;
    schema.columns.push_back(column);
  }
  schema.period_grain_candidates = {Grain::year};
  return schema;
}

Problem problem_of(const std::string& group_by, const std::string& value, Grain grain, const std::string& filter = "") {
  return concentration_problem({group_by, value, grain, dataset::default_thresholds(), filter}, orders(),
                               Error(ErrorCode::invalid_argument, "why"));
}

TEST(ConcentrationForm, ReadsTheQuestion) {
  const auto params = concentration_params_from(
      R"({"group_by": "a", "value": "b", "grain": "quarter", "thresholds": [50.0, 33.3, "10", 1e-6], "filter": "x = 1"})");
  EXPECT_EQ(params.group_by, "a");
  EXPECT_EQ(params.value, "b");
  EXPECT_EQ(params.grain, Grain::quarter);
  EXPECT_EQ(params.filter, "x = 1");
  ASSERT_EQ(params.thresholds.size(), 4U);
  EXPECT_EQ(params.thresholds[0].text(), "0.000001");
  EXPECT_EQ(params.thresholds[2].text(), "33.3");
  EXPECT_EQ(params.thresholds[3].text(), "50");
  EXPECT_EQ(concentration_params_from(R"({"group_by": "a", "value": "b"})").thresholds, dataset::default_thresholds());
}

TEST(ConcentrationForm, RefusesWhatIsNoQuestion) {
  EXPECT_EQ(refused("{"), ProblemKind::bad_request);
  EXPECT_EQ(refused("[]"), ProblemKind::bad_request);
  EXPECT_EQ(refused("{}"), ProblemKind::invalid_parameter);
  EXPECT_EQ(refused(R"({"group_by": "a"})"), ProblemKind::invalid_parameter);
  EXPECT_EQ(refused(R"({"group_by": 1, "value": "b"})"), ProblemKind::invalid_parameter);
  EXPECT_EQ(refused(R"({"group_by": "a", "value": "b", "grain": "week"})"), ProblemKind::invalid_parameter);
  EXPECT_EQ(refused(R"({"group_by": "a", "value": "b", "threshold": []})"), ProblemKind::invalid_parameter);
  for (const char* thresholds : {"[0]", "[101]", "[-5]", "[NaN]", "[Infinity]", "[1e300]", "[true]", "[[]]", "[]",
                                 "[\"x\"]", "[1e-7]", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]"}) {
    EXPECT_EQ(refused(std::string(R"({"group_by": "a", "value": "b", "thresholds": )") + thresholds + "}"),
              ProblemKind::invalid_threshold)
        << thresholds;
  }
  EXPECT_EQ(refused(R"({"group_by": "a", "value": "b", "thresholds": 5})"), ProblemKind::invalid_parameter);
}

TEST(ConcentrationForm, SaysWhichColumnsThereAre) {
  const Problem problem = problem_of("custmer", "revenue", Grain::automatic);
  EXPECT_EQ(problem.kind, ProblemKind::unknown_column);
  EXPECT_EQ(problem.members["nearest"], "customer");
  EXPECT_EQ(problem.members["columns"], (Json{"customer", "revenue", "year"}));
  EXPECT_EQ(problem_of("customer", "zzzzzzz", Grain::automatic).members["parameter"], "value");
}

TEST(ConcentrationForm, SaysWhichColumnsShareAHeader) {
  dataset::Schema schema = orders();
  schema.columns[1].original = schema.columns[2].original = "Net (EUR)";
  const Problem problem = concentration_problem({"customer", "Net (EUR)", Grain::automatic, {}, ""}, schema,
                                                Error(ErrorCode::invalid_argument, "why"));
  EXPECT_EQ(problem.kind, ProblemKind::invalid_parameter);
  EXPECT_EQ(problem.members["parameter"], "value");
  EXPECT_EQ(problem.members["columns"], (Json{"revenue", "year"}));
}

TEST(ConcentrationForm, SaysWhatTheDatasetCannotGive) {
  const Problem text = problem_of("customer", "customer", Grain::automatic);
  EXPECT_EQ(text.kind, ProblemKind::not_numeric);
  EXPECT_EQ(text.members["numeric_columns"], (Json{"revenue", "year"}));
  const Problem grain = problem_of("customer", "revenue", Grain::month);
  EXPECT_EQ(grain.kind, ProblemKind::no_time_column);
  EXPECT_EQ(grain.members["available"], (Json{"year", "none"}));
  EXPECT_EQ(problem_of("customer", "revenue", Grain::year, "x").kind, ProblemKind::invalid_parameter);
}

}  // namespace
}  // namespace neve::service
