#include "dataset/columns/account_words.hpp"

#include <gtest/gtest.h>

namespace neve::dataset {
namespace {

TEST(AccountWords, SidesOfBookingsAndBudgetsAreKnownInAnyCaseAndOrder) {
  EXPECT_EQ(sides_of("Debit", "Credit", false), Sides::debits_and_credits);
  EXPECT_EQ(sides_of("CRÉDITO", "Débito", false), Sides::debits_and_credits);
  EXPECT_EQ(sides_of("Bij", "Af", false), Sides::debits_and_credits);
  EXPECT_EQ(sides_of("Einnahmen", "Ausgaben", false), Sides::income_and_expenses);
  EXPECT_EQ(sides_of("Aufwendungen", "Erträge", false), Sides::income_and_expenses);
  EXPECT_EQ(sides_of("despesa", "Receita", false), Sides::income_and_expenses);
  EXPECT_EQ(sides_of("Поступление", "Выбытие", false), Sides::income_and_expenses);
  EXPECT_EQ(sides_of("支出", "収入", false), Sides::income_and_expenses);
  EXPECT_EQ(sides_of("수입", "지출", false), Sides::income_and_expenses);
  EXPECT_EQ(sides_of("Income", "North", false), Sides::none);
  EXPECT_EQ(sides_of("Debit", "Debit", false), Sides::none);
}

TEST(AccountWords, LettersAreSidesOnlyWhereTheNameOfTheColumnSaysSo) {
  EXPECT_EQ(sides_of("D", "C", false), Sides::none);
  EXPECT_EQ(sides_of("C", "D", true), Sides::debits_and_credits);
  EXPECT_EQ(sides_of("h", "s", true), Sides::debits_and_credits);
  EXPECT_EQ(sides_of("A", "B", true), Sides::none);
}

TEST(AccountWords, BalancesAreKnownAloneAndBeforeADay) {
  for (const char* text :
       {"Opening balance", "SALDO ANTERIOR", "Saldo final:", "Endsaldo 31.12.2024", "Solde précédent au 01/02/2024",
        "Opening Balance as of 1 March", "Исходящий остаток", "Балансы"}) {
    EXPECT_EQ(says_balance(text), std::string_view(text) != "Балансы") << text;
  }
  for (const char* text : {"Opening Balance Equity", "Closing Balance Sheet Consultants", "Saldo Finalmente SA",
                           "Balance", "New Balance", "Endsaldokonto", ""}) {
    EXPECT_FALSE(says_balance(text)) << text;
  }
}

TEST(AccountWords, ResultsOfStatementsAreKnownAlone) {
  for (const char* text : {"Gross Profit", "NET INCOME:", "Jahresüberschuss", "Résultat net", "净利润"})
    EXPECT_TRUE(says_result(text)) << text;
  for (const char* text : {"Net Income Partners", "Profit", "Gross", "", "Ergebnis"})
    EXPECT_FALSE(says_result(text)) << text;
}

}  // namespace
}  // namespace neve::dataset
