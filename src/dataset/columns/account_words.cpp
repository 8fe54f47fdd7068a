#include "dataset/columns/account_words.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

#include "dataset/values/folded_text.hpp"

namespace neve::dataset {
namespace {

using Word = std::string_view;

// All words are folded, without their accents.

constexpr auto kLetters = std::to_array<WordPair>({{"s", "h"}, {"d", "c"}, {"d", "k"}});
constexpr auto kBookings = std::to_array<WordPair>({{"debit", "credit"},
                                                    {"debits", "credits"},
                                                    {"dr", "cr"},
                                                    {"soll", "haben"},
                                                    {"lastschrift", "gutschrift"},
                                                    {"belastung", "gutschrift"},
                                                    {"debet", "kredit"},
                                                    {"debet", "credit"},
                                                    {"debito", "credito"},
                                                    {"debe", "haber"},
                                                    {"debe", "haver"},
                                                    {"cargo", "abono"},
                                                    {"dare", "avere"},
                                                    {"af", "bij"},
                                                    {"wn", "ma"},
                                                    {"winien", "ma"},
                                                    {"дебет", "кредит"},
                                                    {"借", "贷"},
                                                    {"借方", "贷方"},
                                                    {"借方", "貸方"}});
constexpr auto kFlows = std::to_array<WordPair>({{"income", "expense"},
                                                 {"income", "expenses"},
                                                 {"income", "expenditure"},
                                                 {"revenue", "expense"},
                                                 {"revenue", "expenses"},
                                                 {"revenue", "expenditure"},
                                                 {"revenues", "expenditures"},
                                                 {"receipts", "payments"},
                                                 {"inflow", "outflow"},
                                                 {"deposit", "withdrawal"},
                                                 {"einnahme", "ausgabe"},
                                                 {"einnahmen", "ausgaben"},
                                                 {"ertrag", "aufwand"},
                                                 {"ertrage", "aufwendungen"},
                                                 {"erlose", "kosten"},
                                                 {"recette", "depense"},
                                                 {"recettes", "depenses"},
                                                 {"produits", "charges"},
                                                 {"ingreso", "gasto"},
                                                 {"ingresos", "gastos"},
                                                 {"ingreso", "egreso"},
                                                 {"ingresos", "egresos"},
                                                 {"receita", "despesa"},
                                                 {"receitas", "despesas"},
                                                 {"entrada", "saida"},
                                                 {"entrata", "uscita"},
                                                 {"entrate", "uscite"},
                                                 {"entrate", "spese"},
                                                 {"baten", "lasten"},
                                                 {"inkomsten", "uitgaven"},
                                                 {"inntekt", "utgift"},
                                                 {"indtægt", "udgift"},
                                                 {"przychod", "wydatek"},
                                                 {"dochody", "wydatki"},
                                                 {"gelir", "gider"},
                                                 {"bevetel", "kiadas"},
                                                 {"доход", "расход"},
                                                 {"доходы", "расходы"},
                                                 {"приход", "расход"},
                                                 {"поступление", "списание"},
                                                 {"поступление", "выбытие"},
                                                 {"收入", "支出"},
                                                 {"収入", "支出"},
                                                 {"出金", "入金"},
                                                 {"수입", "지출"},
                                                 {"입금", "출금"},
                                                 {"receipt", "payment"},
                                                 {"deposit", "withdraw"},
                                                 {"deposits", "withdrawals"}});

constexpr auto kBalances = std::to_array<Word>({"opening balance",
                                                "closing balance",
                                                "starting balance",
                                                "ending balance",
                                                "beginning balance",
                                                "balance b/f",
                                                "balance c/f",
                                                "balance brought forward",
                                                "balance carried forward",
                                                "anfangssaldo",
                                                "eroffnungssaldo",
                                                "anfangsbestand",
                                                "endsaldo",
                                                "schlusssaldo",
                                                "endbestand",
                                                "saldovortrag",
                                                "alter saldo",
                                                "neuer saldo",
                                                "solde initial",
                                                "solde final",
                                                "solde precedent",
                                                "ancien solde",
                                                "nouveau solde",
                                                "saldo inicial",
                                                "saldo anterior",
                                                "saldo final",
                                                "saldo atual",
                                                "saldo actual",
                                                "saldo do dia",
                                                "saldo iniziale",
                                                "saldo finale",
                                                "beginsaldo",
                                                "eindsaldo",
                                                "ingaende saldo",
                                                "utgaende saldo",
                                                "saldo poczatkowe",
                                                "saldo koncowe",
                                                "pocatecni zustatek",
                                                "konecny zustatek",
                                                "входящии остаток",
                                                "исходящии остаток",
                                                "начальныи остаток",
                                                "конечныи остаток",
                                                "期初余额",
                                                "期末余额"});
/// What stands between such and a day.
constexpr auto kOfDay = std::to_array<Word>(
    {"as of", "as at", "at", "on", "per", "vom", "zum", "am", "au", "al", "em", "del", "на", "for"});

constexpr auto kResults = std::to_array<Word>({"gross profit",
                                               "gross margin",
                                               "gross loss",
                                               "net income",
                                               "net loss",
                                               "net profit",
                                               "net earnings",
                                               "net operating income",
                                               "net ordinary income",
                                               "net other income",
                                               "operating income",
                                               "operating profit",
                                               "profit before tax",
                                               "profit after tax",
                                               "profit for the year",
                                               "ebit",
                                               "ebitda",
                                               "rohertrag",
                                               "rohergebnis",
                                               "betriebsergebnis",
                                               "jahresuberschuss",
                                               "jahresfehlbetrag",
                                               "jahresergebnis",
                                               "ergebnis vor steuern",
                                               "ergebnis nach steuern",
                                               "marge brute",
                                               "resultat net",
                                               "resultat d'exploitation",
                                               "benefice net",
                                               "resultado neto",
                                               "resultado bruto",
                                               "utilidad neta",
                                               "utilidad bruta",
                                               "utilidad operativa",
                                               "beneficio neto",
                                               "lucro liquido",
                                               "lucro bruto",
                                               "resultado liquido",
                                               "utile netto",
                                               "utile lordo",
                                               "brutowinst",
                                               "nettowinst",
                                               "nettoresultaat",
                                               "чистая прибыль",
                                               "валовая прибыль",
                                               "毛利",
                                               "营业利润",
                                               "净利润"});

constexpr std::size_t kMostBytes = 64;

bool is_one_of(Word one, Word other, std::span<const WordPair> pairs) noexcept {
  return std::any_of(pairs.begin(), pairs.end(), [&](const WordPair& pair) {
    return (one == pair.first && other == pair.second) || (one == pair.second && other == pair.first);
  });
}

}  // namespace

std::span<const WordPair> words_of_bookings() noexcept { return kBookings; }

Sides sides_of(std::string_view one, std::string_view other, bool named) noexcept {
  if (std::max(one.size(), other.size()) > kMostBytes) return Sides::none;
  std::array<std::int32_t, kMostBytes + 1> room_of_one{};
  std::array<std::int32_t, kMostBytes + 1> room_of_other{};
  one = folded(one, Accents::left_out, room_of_one);
  other = folded(other, Accents::left_out, room_of_other);
  if (is_one_of(one, other, kBookings) || (named && is_one_of(one, other, kLetters))) return Sides::debits_and_credits;
  return is_one_of(one, other, kFlows) ? Sides::income_and_expenses : Sides::none;
}

bool says_result(std::string_view cell) noexcept {
  constexpr std::size_t kLongestResult = 40;
  if (cell.empty() || cell.size() > kLongestResult) return false;
  std::array<std::int32_t, kMostBytes + 1> room{};
  Word text = folded(cell, Accents::left_out, room);
  if (text.ends_with(':')) text.remove_suffix(1);
  return std::find(kResults.begin(), kResults.end(), text) != kResults.end();
}

bool says_balance(std::string_view cell) noexcept {
  if (cell.size() > kMostBytes) return false;
  std::array<std::int32_t, kMostBytes + 1> room{};
  const Word text = folded(cell, Accents::left_out, room);
  return std::any_of(kBalances.begin(), kBalances.end(), [text](Word balance) {
    if (!text.starts_with(balance)) return false;
    Word rest = text.substr(balance.size());
    while (rest.starts_with(' ') || rest.starts_with(':')) rest.remove_prefix(1);
    if (rest.empty() || is_digit(rest.front()) || rest.front() == '(') return true;
    return std::any_of(kOfDay.begin(), kOfDay.end(), [rest](Word word) {
      return rest.starts_with(word) && rest.substr(word.size()).starts_with(' ');
    });
  });
}

}  // namespace neve::dataset
