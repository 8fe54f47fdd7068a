#include <neve/dataset/schema.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

Schema sample_schema() {
  Schema schema;
  schema.rows = 12;
  Column customer;
  customer.name = "customer";
  customer.original = "Customer ";
  customer.role = ColumnRole::entity;
  customer.cardinality = 5;
  customer.storage = "VARCHAR";
  Column day;
  day.name = "order_date";
  day.original = "Order Date";
  day.type = ColumnType::date;
  day.role = ColumnRole::time;
  day.time_part = TimePart::date;
  day.grain = Grain::month;
  day.blanks = 3;
  day.null_rate = 0.25;
  day.storage = "DATE";
  day.representation = {{"format", "dd/mm/yyyy"}};
  schema.columns = {customer, day};
  schema.period_grain = Grain::month;
  schema.period_grain_candidates = {Grain::month, Grain::quarter, Grain::year};
  schema.time_candidates = {{{"order_date"}, Grain::month}};
  schema.total_rows_column = "is_total_row";
  schema.total_rows = 1;
  schema.period_columns = {"2023", "2024"};
  schema.warnings = {{"total_rows", "", "1 row sums up others"}};
  return schema;
}

TEST(Schema, ReadBackFromItsJsonIsTheSame) {
  const Schema schema = sample_schema();
  const Json json = parse_json(dump_spaced_json(schema.to_json()));
  EXPECT_EQ(Schema::from_json(json), schema);
}

TEST(Schema, AMissingOrWrongMemberIsNamed) {
  const Json whole = sample_schema().to_json();
  for (const auto& [name, value] : whole.items()) {
    Json without = whole;
    without.erase(name);
    try {
      static_cast<void>(Schema::from_json(without));
      ADD_FAILURE() << "accepted without " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
      EXPECT_THAT(error.what(), testing::HasSubstr(name));
    }
    Json wrong = whole;
    wrong[name] = nullptr;
    EXPECT_THROW(static_cast<void>(Schema::from_json(wrong)), Error) << name;
  }
}

TEST(Schema, AColumnIsFoundByEitherNameAndMissedWithTheNearest) {
  const Schema schema = sample_schema();
  EXPECT_EQ(schema.column("order_date").original, "Order Date");
  EXPECT_EQ(schema.column("Order Date").name, "order_date");
  try {
    static_cast<void>(schema.column("custmer"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean 'customer'?"));
    EXPECT_THAT(error.what(), testing::HasSubstr("customer, order_date"));
  }
}

TEST(Schema, AHeaderOfSeveralColumnsIsRefusedNamingThem) {
  Schema schema = sample_schema();
  schema.columns.push_back(schema.columns[1]);
  schema.columns.back().name = "order_date_2";
  EXPECT_EQ(schema.column("order_date_2").original, "Order Date");
  try {
    static_cast<void>(schema.column("Order Date"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("order_date, order_date_2"));
  }
}

}  // namespace
}  // namespace neve::dataset
