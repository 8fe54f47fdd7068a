#include <neve/dataset/analysis/compute.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/dataset/analysis/analysis_document.hpp>

#include "dataset/analysis/compute/duck_session.hpp"
#include "dataset/analysis/document/digits_json.hpp"
#include "dataset/analysis/test_store.hpp"
#include "support/refusal.hpp"
#include "support/test_data.hpp"

namespace neve::dataset {
namespace {

using testing::HasSubstr;

const std::filesystem::path kCases = test_data("golden/concentration");

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kCases)) {
    if (entry.path().extension() == ".csv") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Json expected_of(const std::string& name) {
  std::ifstream file(kCases / (name + ".expected.json"));
  std::stringstream text;
  text << file.rdbuf();
  return parse_keeping_digits(text.str());
}

ConcentrationResult compute(const DatasetRecord& record, const Schema& schema, const ConcentrationParams& params,
                            unsigned threads = 2) {
  ComputeLimits limits;
  limits.threads = threads;
  return compute_concentration(record.normalized, schema, canonical_params(params, schema), limits);
}

class ConcentrationCases : public testing::TestWithParam<std::string> {};

TEST_P(ConcentrationCases, AreReproducedFromParquetWhateverThreadsAndRowOrder) {
  const Json expected = expected_of(GetParam());
  ConcentrationParams params{"customer", "revenue", parse_grain(expected["grain"].get<std::string>()), {}, {}};
  for (const Json& text : expected["result"]["thresholds"]) {
    params.thresholds.push_back(Threshold::parse(text.get<std::string>()));
  }
  TestStore store;
  for (const char* order : {"", " ORDER BY hash(customer, revenue)", " ORDER BY revenue DESC, date"}) {
    const auto record = store.publish("sales", TestStore::sales_rows(kCases / (GetParam() + ".csv"), order));
    for (const unsigned threads : {1U, 2U, 8U}) {
      AnalysisDocument document{"sales", params, compute(record, sales_schema(), params, threads), {}};
      const Json written = parse_keeping_digits(to_json_text(document));
      ASSERT_EQ(written["result"], expected["result"])
          << Json::diff(written["result"], expected["result"]).dump(1) << order << threads;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ConcentrationCases, testing::ValuesIn(case_names()),
                         [](const auto& of_case) { return of_case.param; });

std::vector<std::string> periods_of(const ConcentrationResult& result) {
  std::vector<std::string> periods;
  for (const PeriodConcentration& period : result.by_period) periods.push_back(period.period);
  return periods;
}

class ComputeTest : public testing::Test {
 protected:
  ConcentrationResult answer(const std::string& select, const Schema& schema, ConcentrationParams params) {
    const auto record = store_.publish("sales", select, schema);
    return compute(record, schema, params);
  }

  /// The message of the `invalid_argument` that params are refused with.
  static std::string refusal(const ConcentrationParams& params, const Schema& schema) {
    return refusal_of([&] { static_cast<void>(canonical_params(params, schema)); });
  }

  TestStore store_;
};

TEST_F(ComputeTest, YearAndMonthColumnsGiveMonthsQuartersAndYears) {
  Schema schema;
  schema.columns = {make_column("customer", ColumnType::text), make_column("y", ColumnType::integer, TimePart::year),
                    make_column("m", ColumnType::integer, TimePart::month), make_column("v", ColumnType::integer)};
  schema.time_candidates = {{{"y", "m"}, Grain::month}, {{"y"}, Grain::year}};
  const std::string rows =
      "SELECT * FROM (VALUES ('a', 2023::BIGINT, 12::BIGINT, 1::BIGINT), ('b', 2024, 2, 2), ('a', 2024, 10, 3), "
      "('a', 2024, 13, 4), ('a', NULL, 1, 5), ('a', -44, 3, 6)) t(customer, y, m, v)";
  const auto months = answer(rows, schema, {"customer", "v", Grain::automatic, default_thresholds(), {}});
  EXPECT_EQ(periods_of(months), (std::vector<std::string>{"-0044-M03", "2023-M12", "2024-M02", "2024-M10"}));
  EXPECT_EQ(months.rows_without_period, 2U);
  EXPECT_EQ(months.total.total.text(), "21");
  const auto quarters = answer(rows, schema, {"customer", "v", Grain::quarter, default_thresholds(), {}});
  EXPECT_EQ(periods_of(quarters), (std::vector<std::string>{"-0044-Q1", "2023-Q4", "2024-Q1", "2024-Q4"}));
  const auto years = answer(rows, schema, {"customer", "v", Grain::year, default_thresholds(), {}});
  EXPECT_EQ(periods_of(years), (std::vector<std::string>{"-0044", "2023", "2024"}));
  EXPECT_EQ(years.rows_without_period, 1U);
}

TEST_F(ComputeTest, YearAndQuarterColumnsGiveNoMonths) {
  Schema schema;
  schema.columns = {make_column("customer", ColumnType::text), make_column("y", ColumnType::integer, TimePart::year),
                    make_column("q", ColumnType::integer, TimePart::quarter), make_column("v", ColumnType::integer)};
  schema.time_candidates = {{{"y", "q"}, Grain::quarter}};
  const auto result = answer("SELECT 'a' AS customer, 2024::BIGINT AS y, 3::BIGINT AS q, 1::BIGINT AS v", schema,
                             {"customer", "v", Grain::automatic, default_thresholds(), {}});
  EXPECT_EQ(periods_of(result), (std::vector<std::string>{"2024-Q3"}));
  const std::string refused = refusal({"customer", "v", Grain::month, default_thresholds(), {}}, schema);
  EXPECT_THAT(refused, HasSubstr("no time column for the grain 'month'"));
  EXPECT_THAT(refused, HasSubstr("quarter, year, none"));
}

TEST_F(ComputeTest, TableWithoutTimeHasOnlyItsTotal) {
  Schema schema = sales_schema();
  schema.time_candidates.clear();
  const auto result = answer("SELECT 'a' AS customer, DATE '2024-01-01' AS date, 1.5::DECIMAL(18,6) AS revenue", schema,
                             {"customer", "revenue", Grain::automatic, default_thresholds(), {}});
  EXPECT_EQ(result.grain, Grain::none);
  EXPECT_TRUE(result.by_period.empty());
  EXPECT_EQ(result.rows_without_period, 0U);
  EXPECT_EQ(result.total.total.text(), "1.5");
}

TEST_F(ComputeTest, RowsThatSumUpOthersAreLeftOut) {
  Schema schema = sales_schema();
  schema.total_rows_column = "is_total";
  schema.total_rows = 1;
  const auto result = answer(
      "SELECT * FROM (VALUES ('a', DATE '2024-01-01', 1::DECIMAL(18,6), false), "
      "('Total', DATE '2024-01-01', 1, true)) t(customer, date, revenue, is_total)",
      schema, {"customer", "revenue", Grain::year, default_thresholds(), {}});
  EXPECT_EQ(result.total.entities, 1U);
  EXPECT_EQ(result.total.total.text(), "1");
}

TEST_F(ComputeTest, EveryNumericStorageIsSummedExactly) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"DECIMAL(18,6)", "0.3"}, {"DECIMAL(38,6)", "0.3"},
                                                                  {"DECIMAL(9,1)", "0.3"},  {"DOUBLE", "0.3"},
                                                                  {"BIGINT", "0"},          {"HUGEINT", "0"}};
  for (const auto& [type, total] : cases) {
    const auto result = answer("SELECT 'a' AS customer, DATE '2024-01-01' AS date, CAST(v AS " + type +
                                   ") AS revenue FROM (VALUES (0.1), (0.1), (0.1)) t(v)",
                               sales_schema(), {"customer", "revenue", Grain::none, default_thresholds(), {}});
    EXPECT_EQ(result.total.total.text(), total) << type;
  }
}

TEST_F(ComputeTest, SumsBeyondThirtyEightDigitsAreRefused) {
  const auto sum_of_two = [this](const std::string& value, const std::string& type) {
    return answer("SELECT 'a' AS customer, DATE '2024-01-01' AS date, CAST('" + value + "' AS " + type +
                      ") AS revenue FROM range(2)",
                  sales_schema(), {"customer", "revenue", Grain::none, default_thresholds(), {}});
  };
  EXPECT_EQ(sum_of_two("40000000000000000000000000000000", "DECIMAL(38,6)").total.total.text(),
            "80000000000000000000000000000000");
  try {
    static_cast<void>(sum_of_two("90000000000000000000000000000000", "DECIMAL(38,6)"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::too_large) << error.what();
  }
}

TEST_F(ComputeTest, BlankAndEmptyNamesAreOneEntity) {
  const auto result = answer(
      "SELECT * FROM (VALUES (NULL, 1::DECIMAL(18,6)), ('', 2), ('(blank)', 3), ('a', NULL)) t(customer, revenue)",
      [] {
        Schema schema = sales_schema();
        schema.columns.erase(schema.columns.begin() + 1);
        schema.time_candidates.clear();
        return schema;
      }(),
      {"customer", "revenue", Grain::none, default_thresholds(), {}});
  EXPECT_EQ(result.total.entities, 1U);
  EXPECT_EQ(result.total.total.text(), "6");
  EXPECT_EQ(result.rows_without_entity, 2U);
  EXPECT_EQ(result.rows_without_value, 1U);
}

TEST_F(ComputeTest, EntitiesWrittenAlikeAreTold) {
  TestStore store;
  const auto similar = [&store](const std::string& names) {
    const auto record = store.publish("sales", "SELECT unnest([" + names +
                                                   "]) AS customer, DATE '2024-01-01' AS date, "
                                                   "CAST(1 AS DECIMAL(18,6)) AS revenue");
    const ConcentrationParams params{"customer", "revenue", Grain::month, default_thresholds(), {}};
    return compute(record, sales_schema(), params).similar;
  };
  EXPECT_EQ(similar("'b', 'ACME  Corp', 'acme corp', 'Bo', 'ACME\u00A0CORP', 'B'"),
            (SimilarEntities{5, "ACME  Corp", "ACME\u00A0CORP"}));
  // One character or a letter and its mark, in small letters and others, of any script.
  EXPECT_EQ(similar("'\u00A0 A\u3000B ', 'a b', 'ab'").entities, 2U);
  EXPECT_EQ(similar("'5 \u20AC', '5 \u00A3', '5'").entities, 0U);
  EXPECT_EQ(similar("'M\u00FCller', 'Mu\u0308ller'").entities, 2U);
  EXPECT_EQ(similar("'\u0141\u00F3d\u017A', '\u0141\u00D3DZ\u0301'").entities, 2U);
  EXPECT_EQ(similar("'\u041C\u0438\u0440', '\u041C\u0418\u0420'").entities, 2U);
  EXPECT_EQ(similar("'Hauptstra\u00DFe', 'HAUPTSTRASSE', '\uFF21\uFF22', 'ab'").entities, 4U);
  EXPECT_EQ(similar("'\u30D1\u30D1', '\u30CF\u30CF', '\u0930\u093E\u092E', '\u0930\u092E\u093E'").entities, 0U);
  EXPECT_EQ(similar("'A-1', 'A1', 'A 1', 'ACME Corp.', 'ACME Corp', 'ACMECorp', 'Gro\u00DF', 'Gros', NULL"),
            SimilarEntities{});
}

TEST_F(ComputeTest, MistakesNameTheNearestColumnAndTheList) {
  const auto params = [](const std::string& group, const std::string& value) {
    return ConcentrationParams{group, value, Grain::automatic, default_thresholds(), {}};
  };
  EXPECT_THAT(refusal(params("custmer", "revenue"), sales_schema()), HasSubstr("did you mean 'customer'"));
  EXPECT_THAT(refusal(params("zzz", "revenue"), sales_schema()), HasSubstr("customer, date, revenue"));
  EXPECT_THAT(refusal(params("", "revenue"), sales_schema()), HasSubstr("customer, date, revenue"));
  const std::string not_numeric = refusal(params("customer", "date"), sales_schema());
  EXPECT_THAT(not_numeric, HasSubstr("not numeric"));
  EXPECT_THAT(not_numeric, HasSubstr("the numeric columns are revenue"));
  EXPECT_THAT(refusal(params("date", "customer"), sales_schema()), HasSubstr("the type decimal for customer"));
}

TEST_F(ComputeTest, RequestToStopEndsTheComputation) {
  const auto record = store_.publish("sales",
                                     "SELECT i::VARCHAR AS customer, DATE '2024-01-01' AS date, "
                                     "1::DECIMAL(18,6) AS revenue FROM range(200000) t(i)");
  std::stop_source source;
  source.request_stop();
  const auto params = canonical_params({"customer", "revenue", Grain::month, default_thresholds(), {}}, sales_schema());
  try {
    static_cast<void>(compute_concentration(record.normalized, sales_schema(), params, {}, source.get_token()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST_F(ComputeTest, StopAtAnyMomentCancelsOrComesTooLate) {
  const auto record = store_.publish("sales",
                                     "SELECT (i % 5000)::VARCHAR AS customer, DATE '2024-01-01' AS date, "
                                     "1::DECIMAL(18,6) AS revenue FROM range(300000) t(i)");
  const auto params = canonical_params({"customer", "revenue", Grain::month, default_thresholds(), {}}, sales_schema());
  const auto expected = compute_concentration(record.normalized, sales_schema(), params);
  for (int moment = 0; moment < 24; ++moment) {
    std::stop_source source;
    std::jthread stopper([&source, moment] {
      for (int turn = 0; turn < moment * moment * 40; ++turn) std::this_thread::yield();
      source.request_stop();
    });
    try {
      EXPECT_EQ(compute_concentration(record.normalized, sales_schema(), params, {}, source.get_token()), expected);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::cancelled) << error.what();
    }
  }
}

TEST_F(ComputeTest, MissingTableIsAnIoError) {
  const auto params = canonical_params({"customer", "revenue", Grain::month, default_thresholds(), {}}, sales_schema());
  try {
    static_cast<void>(compute_concentration(store_.folder() / "nothing.parquet", sales_schema(), params));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io) << error.what();
  }
}

TEST(DuckSession, EachSpillsIntoAFolderOfItsOwnThatGoesWithIt) {
  const TemporaryFolder spill;
  DuckLimits limits;
  limits.readable = limits.spill_folder = spill.path();
  const auto folder_of = [](DuckSession& session) {
    std::string folder;
    session.run("SELECT current_setting('temp_directory')", {},
                [&](const DuckChunk& chunk) { folder = chunk.text(0, 0); });
    return folder;
  };
  {
    DuckSession one(limits);
    DuckSession two(limits);
    EXPECT_NE(folder_of(one), folder_of(two));
    for (DuckSession* session : {&one, &two}) {
      EXPECT_EQ(std::filesystem::path(folder_of(*session)).parent_path(), spill.path());
    }
  }
  EXPECT_TRUE(std::filesystem::is_empty(spill.path()));
}

}  // namespace
}  // namespace neve::dataset
