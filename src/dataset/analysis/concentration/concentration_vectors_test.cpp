// Every case of an independent implementation, digit for digit.

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <neve/dataset/analysis/analysis_document.hpp>

#include "dataset/analysis/concentration/test_rows.hpp"
#include "dataset/analysis/document/digits_json.hpp"
#include "support/test_data.hpp"

namespace neve::dataset {
namespace {

const std::filesystem::path kFolder = test_data("golden/concentration");

Json expected_of(const std::string& name) {
  std::ifstream file(kFolder / (name + ".expected.json"));
  std::stringstream text;
  text << file.rdbuf();
  return parse_keeping_digits(text.str());
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".csv") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class ConcentrationVectors : public testing::TestWithParam<std::string> {};

TEST_P(ConcentrationVectors, AreReproducedDigitForDigit) {
  const Json expected = expected_of(GetParam());
  std::vector<Threshold> thresholds;
  for (const Json& text : expected["result"]["thresholds"]) {
    thresholds.push_back(Threshold::parse(text.get<std::string>()));
  }
  AnalysisDocument document;
  document.dataset_id = "sales";
  document.params = {"customer", "revenue", parse_grain(expected["grain"].get<std::string>()), thresholds, {}};
  document.result = analyse_rows(read_rows(kFolder / (GetParam() + ".csv")), document.params.grain, thresholds);
  const std::string text = to_json_text(document);
  const Json written = parse_keeping_digits(text);
  EXPECT_EQ(written["result"], expected["result"]) << Json::diff(written["result"], expected["result"]).dump(1);
  EXPECT_EQ(written["grain"], expected["grain"]);
  EXPECT_EQ(read_analysis_document(text).result, document.result);
}

INSTANTIATE_TEST_SUITE_P(All, ConcentrationVectors, testing::ValuesIn(case_names()),
                         [](const auto& of_case) { return of_case.param; });

TEST(ConcentrationVectors, AreAllThere) { EXPECT_EQ(case_names().size(), 12U); }

}  // namespace
}  // namespace neve::dataset
