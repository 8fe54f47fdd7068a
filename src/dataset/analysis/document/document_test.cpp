#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>
#include <neve/dataset/analysis/analysis_document.hpp>

#include "dataset/analysis/concentration/test_rows.hpp"
#include "support/comma_locale.hpp"

namespace neve::dataset {
namespace {

AnalysisDocument sample() {
  AnalysisDocument document;
  document.dataset_id = "sales";
  document.params = {"customer", "revenue", Grain::month, default_thresholds(), "region = 'North \"9\"'"};
  document.result = analyse_rows({{"A", "2024-01-01", "100000000000000000000.000001"},
                                  {"B", "2024-02-01", "-5"},
                                  {"", "2024-02-01", "7"},
                                  {"A", "2024-03-01", "-2"},
                                  {"A", "2024-03-01", ""}},
                                 Grain::month, default_thresholds());
  document.result.rows_without_period = 2;
  document.warnings = warnings_of(document.result);
  return document;
}

TEST(Document, ReadsBackWhatItWrote) {
  const AnalysisDocument document = sample();
  const std::string text = to_json_text(document);
  const AnalysisDocument again = read_analysis_document(text);
  EXPECT_EQ(again.result, document.result);
  EXPECT_EQ(again.warnings, document.warnings);
  EXPECT_EQ(again.params.filter, document.params.filter);
  EXPECT_EQ(to_json_text(again), text);
}

TEST(Document, ReadsBackWhatItWroteWhereNumbersHaveCommas) {
  const AnalysisDocument document = sample();
  const std::string text = to_json_text(document);
  const CommaLocale locale;
  EXPECT_EQ(to_json_text(document), text);
  EXPECT_EQ(to_json_text(read_analysis_document(text)), text);
}

TEST(Document, LargeDecimalsKeepEveryDigitAsNumbers) {
  EXPECT_NE(to_json_text(sample()).find("\"total\": 100000000000000000000.000001,"), std::string::npos);
}

TEST(Document, WarnsOfWhatAReaderShouldKnow) {
  std::vector<std::string> codes;
  for (const AnalysisWarning& warning : sample().warnings) codes.push_back(warning.code);
  EXPECT_EQ(codes, (std::vector<std::string>{"rows_without_value", "blank_entity", "rows_without_period",
                                             "undefined_period", "negative_entity_totals"}));
}

TEST(Document, AnythingElseIsRefusedAsCorrupt) {
  const std::string good = to_json_text(sample());
  for (std::size_t length = 0; length + 1 < good.size(); length += 97) {
    EXPECT_THROW(static_cast<void>(read_analysis_document(good.substr(0, length))), Error) << length;
  }
  for (std::string text : {"null", "[]", "{}", "{\"result\": {}}", "\"x\"", "7"}) {
    EXPECT_THROW(static_cast<void>(read_analysis_document(text)), Error) << text;
  }
  EXPECT_THROW(static_cast<void>(read_analysis_document(std::string(100'000, '['))), Error);
}

}  // namespace
}  // namespace neve::dataset
