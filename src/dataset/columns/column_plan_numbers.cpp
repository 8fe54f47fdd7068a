// Columns of numbers, and which of point and comma is their decimal mark.
#include "dataset/columns/column_planner.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "dataset/columns/column_names.hpp"
#include "dataset/values/currency_words.hpp"

namespace neve::dataset {
namespace {

/// Numbers under such names are codes where they are not written like amounts: version 1.10 is not version 1.1.
constexpr std::array<std::string_view, 16> kCodeWords{
    "version", "ver", "release", "section", "chapter", "clause", "article",  "paragraph",
    "code",    "id",  "no",      "nr",      "sku",     "key",    "revision", "build"};

/// Of names of columns, what their amounts are counted in.
constexpr auto kUnitWords = std::to_array<std::string_view>(
    {"tsd", "tausend", "thousand", "thousands", "teur",       "keur", "tusd",  "kusd", "tchf", "kchf", "tsek", "tkr",
     "mio", "mn",      "mln",      "million",   "millions",   "meur", "musd",  "mchf", "msek", "mkr",  "mrd",  "mld",
     "bn",  "billion", "billions", "millionen", "milliarden", "lakh", "crore", "тыс",  "млн",  "млрд"});

/// Whether all of them are one, however it is written.
bool has_one_currency(const std::map<std::string, std::uint64_t>& currencies) {
  std::set<std::string_view> plain;
  for (const auto& written : currencies) plain.insert(plain_currency(written.first));
  return plain.size() == 1;
}

const char* word_of(char mark) { return mark == '.' ? "point" : "comma"; }

}  // namespace

DecimalMark mark_of(const std::vector<ColumnProfile>& profiles, char delimiter) {
  std::uint64_t dots = 0;
  std::uint64_t commas = 0;
  for (const ColumnProfile& profile : profiles) {
    if (profile.texts > 0) continue;
    dots += profile.dot.only;
    commas += profile.comma.only;
  }
  if ((dots > 0) != (commas > 0)) return {dots > 0 ? '.' : ',', DecimalMark::Reason::numbers};
  if (dots == 0 && delimiter == ';') return {',', DecimalMark::Reason::semicolons};
  return {};
}

/// Months and quarters written 01 to 12.
bool ColumnPlanner::plan_two_digits(const NumberFacts& facts) {
  if (facts.traits != kLeadingZero) return false;
  plan_time_part(facts);
  if (plan.time_part == TimePart::none) return false;
  plan.type = ColumnType::integer;
  plan.representation["format"] = "two digits";
  return true;
}

/// Leading zeros say so, or the column's name where one number is written in two ways.
bool ColumnPlanner::are_codes(const NumberFacts& facts) const {
  return (facts.traits & (kLeadingZero | kManyDigits)) != 0 ||
         (facts.spells_differently() && facts.percents == 0 && has_word(name, kCodeWords));
}

/// Whether some cells are percentages and others may be, or not: nobody can tell which 50 is 0.5.
bool ColumnPlanner::mixes_percents(const NumberFacts& facts) {
  const std::uint64_t percents = facts.percents + facts.zeros_without_percent;
  if (facts.percents == 0 || percents >= facts.count) return false;
  const std::uint64_t plain = facts.count - facts.percents;
  const bool known = profile.certain_percents == facts.percents && percents + profile.certain_plain >= facts.count;
  if (known) {
    warn("mixed_percent", fmt::format("{} cells of the workbook are shown as percent and {} are not; all are read by "
                                      "their values, 0.5 like 50%",
                                      facts.percents, plain));
  } else {
    warn("mixed_percent",
         fmt::format("{} cells have a percent sign and {} have none: left as text", facts.percents, plain));
  }
  return !known;
}

bool ColumnPlanner::plan_number() {
  if (profile.dot.count < values && profile.comma.count < values && profile.dot.only + profile.comma.only == 0)
    return false;
  const char mark = decide_mark();
  if (mark == '\0') return false;
  const NumberFacts& facts = mark == '.' ? profile.dot : profile.comma;
  if (plan_two_digits(facts)) return true;
  if (are_codes(facts)) {
    plan.representation["digits"] = "code";
    return false;
  }
  if (mixes_percents(facts)) return false;
  plan.decimal_mark = mark;
  constexpr unsigned kNotInteger = kHasDecimals | kHasCurrency | kHasSuffix | kHasExponent | kHasPercent;
  const bool integer = (facts.traits & kNotInteger) == 0 && !facts.beyond_integer;
  plan.type = facts.percents > 0 ? ColumnType::fraction : integer ? ColumnType::integer : ColumnType::decimal;
  plan.wide = facts.beyond_narrow;
  // Whole years of a column with blanks come as 2024.0 from programs that know no blank integers.
  if (integer || (facts.traits == kHasDecimals && facts.only_zeros)) plan_time_part(facts);
  plan.whole = facts.traits == kHasDecimals && facts.only_zeros;
  if (plan.time_part != TimePart::none) plan.type = ColumnType::integer;
  if (plan.time_part == TimePart::none) {
    describe_numbers(facts);
    warn_of_possible_dates();
  }
  plan.spells_differently = plan.time_part == TimePart::none && facts.spells_differently();
  return true;
}

/// The mark under which every value is a number; '\0' if there is none.
char ColumnPlanner::decide_mark() {
  const bool as_dot = profile.dot.count == values;
  const bool as_comma = profile.comma.count == values;
  if (!as_dot && !as_comma) {
    if (profile.dot.only > 0 && profile.comma.only > 0 && profile.texts == 0) {
      warn("mixed_decimal_marks", fmt::format("{} cells have a decimal point and {} a decimal comma: left as text",
                                              profile.dot.only, profile.comma.only));
    }
    return '\0';
  }
  const bool asked = context.open_mark.reason == DecimalMark::Reason::asked;
  if (as_dot != as_comma) {
    const char mark = as_dot ? '.' : ',';
    return asked && mark != context.open_mark.mark ? mark_against_asked(mark) : mark;
  }
  // Any point or comma is a decimal mark to one of the two readings; blanks between thousands are the same to both.
  const bool points = profile.dot.open > 0;
  const bool commas = profile.comma.open > 0;
  if (!points && !commas) return '.';
  const char mark = context.open_mark.mark;
  if (asked) return mark;
  const bool dollars = commas && !points && all_in_dollars();
  if (other_columns_decide(points, commas)) {
    if (dollars && mark == ',')
      warn_of_open_mark(mark, ", as numbers of other columns have, though amounts in dollars are seldom written so");
    return mark;
  }
  const bool semicolons = context.open_mark.reason == DecimalMark::Reason::semicolons;
  if (dollars && semicolons) {
    warn_of_open_mark('.', ", as amounts in dollars are written");
    return '.';
  }
  warn_of_open_mark(mark, semicolons ? ", since semicolons separate the cells" : "");
  return mark;
}

/// What was asked for decides open columns. It must not cost another column of the file, whose numbers are plainly
/// written with the other mark, those numbers.
char ColumnPlanner::mark_against_asked(char mark) {
  const NumberFacts& facts = mark == '.' ? profile.dot : profile.comma;
  const char* const word = word_of(mark);
  if (facts.open >= facts.only) {
    if (plan.forced) return context.open_mark.mark;
    warn("mixed_decimal_marks", fmt::format("{} cells have a decimal {}, which is not the mark that was asked for, and "
                                            "{} could have either: left as text",
                                            facts.only, word, facts.open));
    return '\0';
  }
  warn("other_decimal_mark",
       fmt::format("{} cells have a decimal {} and no other; read so, though another mark was asked for", facts.only,
                   word));
  return mark;
}

/// Nobody mixes the two marks, with one exception: coordinates and measurements come with a point everywhere. So
/// other columns' points do not say that the point in 1.250 is none between thousands.
bool ColumnPlanner::other_columns_decide(bool points, bool commas) const {
  if (context.open_mark.reason != DecimalMark::Reason::numbers || (points && commas)) return false;
  return context.open_mark.mark == ',' || commas;
}

/// Of amounts in dollars three digits behind a comma are thousands, whatever separates the cells.
bool ColumnPlanner::all_in_dollars() const {
  const auto is_dollar = [](const auto& written) {
    return written.first == "$" || plain_currency(written.first) == "USD";
  };
  return !profile.currencies.empty() && cells_without_currency(profile.dot) == 0 &&
         std::all_of(profile.currencies.begin(), profile.currencies.end(), is_dollar);
}

void ColumnPlanner::warn_of_open_mark(char mark, const char* why) {
  warn("open_decimal_mark", fmt::format("every number could have a decimal point or a decimal comma; read with a {}{}; "
                                        "the option decimal says otherwise (--decimal {})",
                                        word_of(mark), why, word_of(mark == '.' ? ',' : '.')));
}

std::uint64_t ColumnPlanner::cells_with_currency() const {
  std::uint64_t times = 0;
  for (const auto& written : profile.currencies) times += written.second;
  return times;
}

/// A zero is one in every currency.
std::uint64_t ColumnPlanner::cells_without_currency(const NumberFacts& facts) const {
  const std::uint64_t known = cells_with_currency() + facts.zeros_without_percent - profile.currency_zeros;
  return facts.count - std::min(known, facts.count);
}

void ColumnPlanner::warn_of_missing_currencies(const NumberFacts& facts) {
  const std::uint64_t without = cells_without_currency(facts);
  if (!has_one_currency(profile.currencies) || without == 0) return;
  warn("missing_currencies",
       fmt::format(
           "{} cells have the currency {}, and {} have none and are not zero; they are added up as if all had it",
           cells_with_currency(), profile.currencies.begin()->first, without));
}

void ColumnPlanner::describe_numbers(const NumberFacts& facts) {
  plan.representation["decimal_mark"] = std::string(1, plan.decimal_mark);
  if ((facts.traits & kHasGroups) != 0) plan.representation["thousands"] = "apart";
  if ((facts.traits & kHasParentheses) != 0) plan.representation["negative"] = "parentheses";
  if ((facts.traits & kHasSuffix) != 0) plan.representation["suffixes"] = "k, m, b";
  if ((facts.traits & kHasSuffix) != 0 && has_word(name, kUnitWords)) {
    warn("unit_in_name",
         "cells have a unit of their own and are read with it, so that 12 Tsd. is 12000: sums are not in "
         "the unit of which the column's name speaks");
  }
  if (profile.unit_letters * 2 < facts.count && profile.unit_letters > 0) {
    warn("few_unit_letters",
         fmt::format("{} of {} numbers have a letter behind them and are read as thousands, millions or billions; the "
                     "first is '{}' in line {}; if it is the mark of a footnote, take it away, or read the column as "
                     "text (--type {}=text)",
                     profile.unit_letters, facts.count, profile.first_unit_letter.text, profile.first_unit_letter.line,
                     name));
  }
  std::string currencies;
  for (const auto& [currency, times] : profile.currencies) currencies += (currencies.empty() ? "" : ", ") + currency;
  if (!currencies.empty()) plan.representation["currency"] = currencies;
  if (!currencies.empty() && !has_one_currency(profile.currencies)) {
    warn("mixed_currencies", "amounts in " + currencies + " stand in one column; their sums mean nothing");
  }
  warn_of_missing_currencies(facts);
  if (profile.durations > 0) {
    plan.representation["unit"] = "days";
    warn("durations", fmt::format("{} of {} cells are shown as durations, and are read in days as the workbook counts "
                                  "them: 36:00 is 1.5, and 24 times as much are hours",
                                  profile.durations, values));
  }
  if ((facts.traits & kRounded) != 0) {
    warn("rounded", "some numbers have more than six decimals and are rounded half to even");
  }
}

void ColumnPlanner::force_number() {
  values = std::max(profile.dot.count, profile.comma.count);
  if (plan.type == ColumnType::integer && force_words(values)) return;
  if (const char mark = values == 0 ? '\0' : decide_mark(); mark != '\0') plan.decimal_mark = mark;
  const NumberFacts& facts = plan.decimal_mark == '.' ? profile.dot : profile.comma;
  if (plan.type == ColumnType::integer) plan_time_part(facts);
  if (plan.time_part == TimePart::none) describe_numbers(facts);
}

}  // namespace neve::dataset
