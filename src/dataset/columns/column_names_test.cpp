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

TEST(ColumnNames, AreInSmallLettersAndThoseOfTheLatinAlphabetWithoutAccents) {
  EXPECT_THAT(names_of({"Größe", "WARTOŚĆ", "Łódź", "MĚSÍC", "Yıl", "İl", "Ørsted Æ"}),
              ElementsAre("grosse", "wartosc", "lodz", "mesic", "yil", "il", "orsted_ae"));
  EXPECT_THAT(names_of({"Umsa\u0308tze", "Ｕｎｉｔｓ", "ﬁscal"}), ElementsAre("umsatze", "units", "fiscal"));
  EXPECT_THAT(names_of({"ИТОГОВЫЙ Год", "ΈΤΟΣ", "売上（円）", "राशि", "ยอดรวม"}),
              ElementsAre("итоговый_год", "έτοσ", "売上_円", "राशि", "ยอดรวม"));
  EXPECT_THAT(names_of({"m²", "€/t", "a\u200Bb", "×"}), ElementsAre("m", "t", "a_b", "column_4"));
  EXPECT_THAT(names_of({"Nº de clientes", "1ª Quincena", "µg/l"}), ElementsAre("n_de_clientes", "1_quincena", "g_l"));
}

TEST(ColumnNames, HaveNothingOfPictures) {
  EXPECT_THAT(names_of({"⚠\uFE0F Risk", "Likes ❤\uFE0F", "1\uFE0F\u20E3 Step", "💰 Umsatz", "☎\uFE0F"}),
              ElementsAre("risk", "likes", "1_step", "umsatz", "column_5"));
}

}  // namespace
}  // namespace neve::dataset
