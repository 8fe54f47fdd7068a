#include <neve/dataset/analysis/row_filter.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/dataset/analysis/compute.hpp>

#include "dataset/analysis/test_store.hpp"
#include "support/refusal.hpp"

namespace neve::dataset {
namespace {

using testing::HasSubstr;

Schema schema() {
  Schema schema = sales_schema();
  schema.columns.push_back(make_column("region", ColumnType::text));
  schema.columns.push_back(make_column("active", ColumnType::boolean));
  schema.columns.back().original = "Is active?";
  return schema;
}

std::string canonical(const std::string& text) { return RowFilter::parse(text, schema()).text(); }

std::string refusal(const std::string& text) {
  return refusal_of([&] { static_cast<void>(RowFilter::parse(text, schema())); });
}

TEST(RowFilter, SpellingsOfOneFilterAreOneText) {
  const std::string expected = "region = 'North' and (revenue >= 10.5 or not (active = true))";
  for (const char* spelling : {"region='North' and (revenue>=10.500 or not active=true)",
                               "((region == 'North')) AND ((revenue >= 010.5) OR NOT "
                               "(\"Is active?\" = TRUE))"}) {
    EXPECT_EQ(canonical(spelling), expected);
    EXPECT_EQ(canonical(canonical(spelling)), expected);
  }
  EXPECT_EQ(canonical("region in ('b', 'a','b')"), "region in ('a', 'b')");
  EXPECT_EQ(canonical("region not in ('a')"), "not (region in ('a'))");
  EXPECT_EQ(canonical("region is not null"), "not (region is blank)");
  EXPECT_EQ(canonical("date < '2024-02-29'"), "date < '2024-02-29'");
  EXPECT_EQ(canonical("region = ''"), "region is blank");
  EXPECT_EQ(canonical("region != ''"), "not (region is blank)");
  EXPECT_EQ(canonical("region not in ('b', '', 'a')"), "not (region in ('a', 'b') or region is blank)");
  EXPECT_EQ(canonical("region in ('')"), "region is blank");
  EXPECT_EQ(canonical(" \n"), "");
}

TEST(RowFilter, MistakesNameTheirPlace) {
  EXPECT_THAT(refusal("regon = 'x'"), HasSubstr("did you mean 'region'"));
  EXPECT_THAT(refusal("region = 5"), HasSubstr("character 10"));
  EXPECT_THAT(refusal("revenue = 'five'"), HasSubstr("a number"));
  EXPECT_THAT(refusal("date = '2023-02-29'"), HasSubstr("a date such as"));
  EXPECT_THAT(refusal("region = 'x"), HasSubstr("never closed"));
  EXPECT_THAT(refusal("region = 'x' region = 'y'"), HasSubstr("'and', 'or' or the end"));
  EXPECT_THAT(refusal("region"), HasSubstr("the filter ends"));
  EXPECT_THAT(refusal("(region = 'x'"), HasSubstr("')'"));
  EXPECT_THAT(refusal(std::string(5000, ' ') + "region = 'x'"), HasSubstr("4096"));
  EXPECT_THAT(refusal(std::string(200, '(')), HasSubstr("32 levels"));
  EXPECT_THAT(refusal("revenue = 1e5"), HasSubstr("a number such as 12.5"));
}

TEST(RowFilter, NothingButComparisonsCanBeSaid) {
  for (const char* text : {"read_text('/etc/passwd') = 'x'", "1 = 1", "region = (select 'x')",
                           "region = 'x'; drop table t", "region = 'x' --", "random() < 0.5", "region like '%'"}) {
    EXPECT_NE(refusal(text), "") << text;
  }
}

/// A table whose revenues, powers of ten, tell by their sum which rows a filter keeps.
class FilteredRows {
 public:
  explicit FilteredRows(const std::string& values)
      : record_(store_.publish(
            "sales", "SELECT * FROM (VALUES " + values + ") t(customer, date, revenue, region, active)", schema())) {}

  [[nodiscard]] int total(const std::string& filter) const {
    const auto params = canonical_params({"customer", "revenue", Grain::none, default_thresholds(), filter}, schema());
    const auto found = compute_concentration(record_.normalized, schema(), params).total;
    return found.entities == 0 ? 0 : std::stoi(found.total.text());
  }

 private:
  TestStore store_;
  DatasetRecord record_;
};

TEST(RowFilter, KeepsTheRowsItSays) {
  const FilteredRows rows(
      "('a', DATE '2024-01-01', 1::DECIMAL(18,6), 'North', true), "
      "('b', DATE '2024-02-01', 10, 'It''s', false), ('c', DATE '2024-03-01', 100, NULL, NULL), "
      "('d', NULL, 1000, '', true)");
  EXPECT_EQ(rows.total(""), 1111);
  EXPECT_EQ(rows.total("region = 'North'"), 1);
  EXPECT_EQ(rows.total("region = 'It''s'"), 10);
  EXPECT_EQ(rows.total("region is blank"), 1100);
  EXPECT_EQ(rows.total("region is not blank"), 11);
  EXPECT_EQ(rows.total("revenue > 9.999999 and revenue < 1000"), 110);
  EXPECT_EQ(rows.total("date >= '2024-02-01'"), 110);
  EXPECT_EQ(rows.total("active = true or customer in ('c')"), 1101);
  EXPECT_EQ(rows.total("not (customer = 'a' or customer = 'b')"), 1100);
  EXPECT_EQ(rows.total("not active = true"), 110);
  EXPECT_EQ(rows.total("region != 'North'"), 1110);
  EXPECT_EQ(rows.total("region not in ('North')"), 1110);
  EXPECT_EQ(rows.total("region = ''"), 1100);
  EXPECT_EQ(rows.total("region < 'Z'"), 11);
}

TEST(RowFilter, EveryRowSatisfiesAConditionOrItsOpposite) {
  const FilteredRows rows(
      "('a', DATE '2024-01-01', 1::DECIMAL(18,6), 'North', true), ('b', NULL, 10, '', false), "
      "('c', DATE '2024-03-01', 100, NULL, NULL), ('d', DATE '2024-02-01', 1000, 'South', true), "
      "(NULL, NULL, 10000, NULL, NULL)");
  const std::vector<std::string> simple{"region = 'North'",
                                        "region != 'North'",
                                        "region < 'P'",
                                        "region >= 'P'",
                                        "region in ('', 'South')",
                                        "region not in ('North')",
                                        "region is blank",
                                        "active = true",
                                        "active != true",
                                        "date > '2024-01-15'",
                                        "date != '2024-01-01'",
                                        "customer <= 'b'",
                                        "revenue in (1, 10000)",
                                        "region = 'North' and active = false"};
  std::vector<std::string> conditions = simple;
  for (std::size_t i = 0; i < simple.size(); ++i) {
    const std::string& other = simple[(i + 3) % simple.size()];
    conditions.push_back(simple[i] + " or not " + other);
    conditions.push_back(simple[i] + " and not (" + other + ")");
  }
  for (const std::string& condition : conditions) {
    EXPECT_EQ(rows.total(condition) + rows.total("not (" + condition + ")"), 11111) << condition;
    EXPECT_EQ(rows.total("not not (" + condition + ")"), rows.total(condition)) << condition;
  }
  for (const char* opposite : {"region = 'North'|region != 'North'", "active = true|active != true",
                               "date = '2024-01-01'|date != '2024-01-01'", "region = ''|region != ''"}) {
    const std::string both = opposite;
    const std::size_t bar = both.find('|');
    EXPECT_EQ(rows.total(both.substr(0, bar)) + rows.total(both.substr(bar + 1)), 11111) << opposite;
  }
}

}  // namespace
}  // namespace neve::dataset
