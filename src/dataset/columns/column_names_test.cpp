#include "dataset/columns/column_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::dataset {
namespace {

using testing::ElementsAre;

std::vector<std::string> names_of(const std::vector<std::string>& headers) { return column_names(headers); }

TEST(ColumnNames, AHeaderThatIsANameAlreadyKeepsItWhereverItStands) {
  EXPECT_THAT(names_of({"k", "Amount ($)", "amount"}), ElementsAre("k", "amount_2", "amount"));
  EXPECT_THAT(names_of({"amount", "Amount ($)"}), ElementsAre("amount", "amount_2"));
}

TEST(ColumnNames, NoColumnIsCalledAsAnothersHeader) {
  EXPECT_THAT(names_of({"Amount", "Amount ($)", "amount_2"}), ElementsAre("amount", "amount_3", "amount_2"));
  EXPECT_THAT(names_of({"", "column_1"}), ElementsAre("column_1_2", "column_1"));
}

TEST(ColumnNames, EqualHeadersAreNumbered) {
  EXPECT_THAT(names_of({"amount", "amount", "amount"}), ElementsAre("amount", "amount_2", "amount_3"));
  EXPECT_THAT(names_of({"Net (EUR)", "Net (EUR)"}), ElementsAre("net_eur", "net_eur_2"));
}

}  // namespace
}  // namespace neve::dataset
