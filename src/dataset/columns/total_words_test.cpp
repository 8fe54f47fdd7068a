#include "dataset/columns/total_words.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace neve::dataset {
namespace {

void expect(TotalWords words, std::initializer_list<const char*> cells) {
  for (const char* const cell : cells) EXPECT_EQ(total_words_of(cell), words) << cell;
}

TEST(TotalWords, AreKnownInManyLanguagesWhateverTheirCase) {
  expect(TotalWords::alone,
         {"Total",        "TOTAL:",   "Summe",    "Übertrag",  "ÜBERTRAG",   "Totale",   "Totaal:",  "Razem",
          "OGÓŁEM",       "Łącznie",  "Celkem",   "CELKEM",    "Mezisoučet", "Summa",    "Delsumma", "Totalt",
          "Yhteensä",     "YHTEENSÄ", "Összesen", "ÖSSZESEN:", "Toplam",     "TOPLAM",   "Σύνολο",   "ΣΥΝΟΛΟ",
          "Итого",        "ИТОГО:",   "итого :",  "Всего",     "РАЗОМ",      "Усього",   "合计",     "合 计",
          "合　計",       "合计金额", "总额",     "总计：",    "小计",       "總計",     "総計",     "計",
          "合計（税込）", "총계(원)", "합계",     "소계",      "계",         "الإجمالي", "סה\"כ",    "tổng cộng",
          "TỔNG CỘNG",    "Итог",     "I alt",    "Iš viso:"});
  expect(TotalWords::beside_others,
         {"North subtotal",    "Grand Total",       "Итого по складу «Основной» и подразделениям торговой сети",
          "Общий Итого",       "ИТОГО ПО СЧЁТУ",    "Genel Toplam",
          "Ara toplam",        "Γενικό Σύνολο",     "Praha Celkem",
          "Udgifter i alt",    "Helsinki yhteensä", "Nord Összesen",
          "华东合计",          "华东 小计",         "华东 汇总",
          "本月合计",          "東京 集計",         "서울 소계",
          "서울 요약",         "Totaal Noord",      "Total général",
          "Nyugat összesen:",  "PRAHA SOUČET",      "NORD RÉSZÖSSZEG",
          "Άθροισμα πωλήσεων", "汇总 华东",         "ÖSSZESEN NYUGAT",
          "الإجمالي الكلي",    "华北汇总",          "서울요약"});
  // With what reports write behind it.
  expect(TotalWords::alone, {"Total*", "Total **", "*Total*", "Total¹", "TOTAL1", "Total (3 records)", "Total 1)",
                             "Summe (in TEUR):", "Итого*", "合计¹", "合计*", "Tot.", "TOT", "Ttl"});
  expect(TotalWords::beside_others, {"Total: Account", "Total ²", "Total: Campaigns", "Total, all", "TOTAL/AVG",
                                     "Summe: Konten", "Grand total*", "Grand total¹", "Grand Totals (3 records)",
                                     "North Total (12)", "Nord Gesamt*", "Total: 2024", "Grand total 1)"});
  expect(TotalWords::in_a_name, {"Summa Health", "Lewica Razem", "Всего хорошего", "Soma Foods", "Bar Kokku"});
  expect(TotalWords::none,
         {"",       "a",       "Totally", "Sumatra",   "Tota*",   "Tota (Total)", "(Total)", "Tott",   "Total-Energies",
          "*",      "(1)",     "1)",      "Sum*matra", "Итогов",  "合同",         "会计",    "会計",   "設計",
          "集計部", "Summary", "Celkemp", "Toplamak",  "Dim Sum", "Итогоо",       "小計算",  "总计划", "I altid"});
}

TEST(TotalWords, OfMeansAreKnownAsWell) {
  for (const char* const cell :
       {"Average", "MITTELWERT", "Среднее", "Keskiarvo:", "平均", "Átlag", "Average per customer"})
    EXPECT_TRUE(has_average_word(cell)) << cell;
  for (const char* const cell : {"Averaged", "Meaning Ltd", "平均台", ""}) EXPECT_FALSE(has_average_word(cell)) << cell;
}

TEST(TotalWords, PartsOfOtherRowsSayIt) {
  for (const char* label : {"davon Boni", " - of which: tax", "w tym VAT", "うち利息", "其中利息"})
    EXPECT_TRUE(says_part(label)) << label;
  for (const char* label : {"Davonport", "davon", "of whichever", "うちわ", "contadont x"})
    EXPECT_FALSE(says_part(label)) << label;
}

}  // namespace
}  // namespace neve::dataset
