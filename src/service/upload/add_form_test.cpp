#include "service/upload/add_form.hpp"

#include <gtest/gtest.h>

#include "service/exchange/problem.hpp"

namespace neve::service {
namespace {

using Fields = std::map<std::string, std::string>;

std::string refused(const Fields& fields) {
  try {
    (void)add_options_from(fields, "orders.csv");
    return "";
  } catch (const ProblemError& error) {
    EXPECT_EQ(error.problem().kind, ProblemKind::invalid_parameter);
    return error.what();
  }
}

TEST(AddForm, SaysHowToReadTheFile) {
  const auto options = add_options_from({{"id", "o"},
                                         {"name", "Orders"},
                                         {"delimiter", "tab"},
                                         {"header_row", "3"},
                                         {"date_order", "dmy"},
                                         {"unpivot", "true"},
                                         {"decimal", "comma"},
                                         {"totals", "keep"},
                                         {"type.year", "integer"}},
                                        "orders.csv");
  EXPECT_EQ(options.id, "o");
  EXPECT_EQ(options.name, "Orders");
  EXPECT_EQ(options.source_name, "orders.csv");
  EXPECT_EQ(options.delimiter, '\t');
  EXPECT_EQ(options.header_row, 3U);
  EXPECT_EQ(options.date_order, dataset::DateOrder::day_first);
  EXPECT_TRUE(options.unpivot);
  EXPECT_EQ(options.decimal_mark, ',');
  EXPECT_EQ(options.total_rows, dataset::TotalRowsUse::keep);
  EXPECT_EQ(options.types.at("year"), dataset::ColumnType::integer);
}

TEST(AddForm, AnIdComesFromTheFilesName) { EXPECT_EQ(add_options_from({}, "Orders 2024.csv.gz").id, "orders_2024"); }

TEST(AddForm, TakesTheWordsOfTheCommand) {
  const auto date_order = [](const char* word) { return add_options_from({{"date_order", word}}, "o.csv").date_order; };
  EXPECT_EQ(date_order("auto"), dataset::DateOrder::automatic);
  EXPECT_EQ(date_order("dmy"), dataset::DateOrder::day_first);
  EXPECT_EQ(date_order("mdy"), dataset::DateOrder::month_first);
  EXPECT_EQ(add_options_from({{"quote", "none"}}, "o.csv").quote, '\0');
}

TEST(AddForm, RefusesWhatIsNone) {
  EXPECT_NE(refused({{"sheeet", "1"}}).find("'sheet'"), std::string::npos);
  EXPECT_NE(refused({{"id", "../x"}}), "");
  EXPECT_NE(refused({{"delimiter", "ab"}}), "");
  EXPECT_NE(refused({{"header_row", "-1"}}), "");
  EXPECT_NE(refused({{"unpivot", "maybe"}}), "");
  EXPECT_NE(refused({{"date_order", "year"}}).find("auto, dmy or mdy"), std::string::npos);
  EXPECT_NE(refused({{"decimal", "dot"}}).find("point or comma"), std::string::npos);
  EXPECT_NE(refused({{"totals", "yes"}}).find("keep"), std::string::npos);
  EXPECT_NE(refused({{"type.a", "number"}}), "");
  EXPECT_NE(refused({{"name", std::string(300, 'x')}}), "");
}

}  // namespace
}  // namespace neve::service
