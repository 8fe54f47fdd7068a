#include "dataset/columns/column_plan.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include <neve/dataset/refused_file.hpp>

#include "dataset/columns/column_names.hpp"
#include "dataset/values/blank_words.hpp"

namespace neve::dataset {
namespace {

constexpr std::array<std::string_view, 8> kYearWords{"year", "yr", "jahr", "annee", "ano", "fy", "anno", "jaar"};
constexpr std::array<std::string_view, 7> kMonthWords{"month", "mon", "monat", "mois", "mes", "mese", "maand"};
constexpr std::array<std::string_view, 5> kQuarterWords{"quarter", "qtr", "quartal", "trimestre", "q"};
constexpr std::array<std::string_view, 7> kDateWords{"date", "day", "dt", "datum", "fecha", "data", "jour"};
/// Before `year` or `month` they say that something was measured then, not when it was: sales_last_year.
constexpr std::array<std::string_view, 15> kMeasureWords{"per",   "last",  "prior", "previous", "this",
                                                         "next",  "past",  "in",    "each",     "every",
                                                         "total", "count", "units", "average",  "avg"};
/// Numbers under such names are codes where they are not written like amounts: version 1.10 is not version 1.1.
constexpr std::array<std::string_view, 16> kCodeWords{
    "version", "ver", "release", "section", "chapter", "clause", "article",  "paragraph",
    "code",    "id",  "no",      "nr",      "sku",     "key",    "revision", "build"};
constexpr double kMostly = 0.9;          // from here on cells that do not fit are worth a warning
constexpr std::uint64_t kFewStrays = 3;  // or if so few of them outweigh the rest

std::uint64_t count(const ColumnProfile& profile, DateShape shape) {
  return profile.shapes[static_cast<std::size_t>(shape)];
}

bool named(const std::string& name, std::span<const std::string_view> words) {
  const std::size_t last = name.rfind('_');
  const std::string_view end = std::string_view(name).substr(last == std::string::npos ? 0 : last + 1);
  return std::find(words.begin(), words.end(), end) != words.end();
}

/// What one column is planned from, and where the plan goes.
struct Planner {
  const ColumnProfile& profile;
  const std::string& name;
  const PlanContext& context;
  std::vector<SchemaWarning>& warnings;
  std::uint64_t values;  ///< cells that are values whatever the type
  ColumnPlan plan{};

  void warn(const char* code, std::string text) { warnings.push_back({code, name, std::move(text)}); }

  /// Different words are different things, so only two that belong together are read as true and false: T and Y may be
  /// grades, and would be one entity.
  bool plan_boolean() {
    if (profile.truths != values) return false;
    if (!std::has_single_bit(profile.truth_pairs)) {
      warn("mixed_booleans", "words of several pairs, such as yes/no and t/f, stand in one column: left as text");
      return false;
    }
    // An extract of one sex or region has F or N in every cell; nothing says that it means false.
    const bool letters = (profile.truth_pairs & kPairsOfLetters) != 0;
    if (letters && profile.true_pairs != profile.false_pairs) return false;
    plan.type = ColumnType::boolean;
    return true;
  }

  /// 2009/10 may be a month or a year from one summer to the next; that every cell names two years in a row says which.
  bool plan_fiscal_year() {
    const bool ranges = profile.year_ranges == values && !has_word(name, kMonthWords) && !has_word(name, kDateWords);
    const bool plain = named(name, kYearWords) && profile.dot.small == profile.dot.count && profile.dot.least >= 1000 &&
                       profile.dot.most <= 2999;
    const bool labels = profile.fiscal_years > 0 && profile.fiscal_years + (plain ? profile.dot.small : 0) == values;
    if (!ranges && !labels) return false;
    plan.type = ColumnType::integer;
    plan.fiscal = true;
    plan.time_part = TimePart::year;
    plan.representation["format"] = ranges ? "fiscal years such as 2009/10" : "fiscal years such as FY2023";
    if (ranges) warn_of_ranges();
    return true;
  }

  void warn_of_ranges() {
    warn("fiscal_years", fmt::format("two years in a row, such as 2009/10, are read as the year in which they begin; "
                                     "the type text of {} leaves them as they are",
                                     name));
  }

  /// A column that was asked to be one of dates must not have wrong months, nor none without a word.
  bool leave_order(const std::string& why, const std::string& remedy) {
    if (plan.forced) throw WrongOption("types", "'" + name + "' cannot be read as dates: " + why + "; " + remedy);
    warn("open_date_order", why + ": left as text; " + remedy);
    return false;
  }

  bool read_most_of_contradicting() {
    plan.day_first = context.date_order == DateOrder::automatic ? profile.day_first > profile.month_first
                                                                : context.date_order == DateOrder::day_first;
    warn("contradicting_dates", fmt::format("{} dates have the day first and {} the month; read with the {} first",
                                            profile.day_first, profile.month_first, plan.day_first ? "day" : "month"));
    return true;
  }

  /// Says which of day and month stands first, or that nobody can know.
  bool decide_order() {
    if (count(profile, DateShape::two_first) == 0) return true;
    if (profile.day_first > 0 && profile.month_first > 0) {
      if (plan.forced) return read_most_of_contradicting();
      warn("contradicting_dates", fmt::format("{} dates have the day first and {} the month: left as text",
                                              profile.day_first, profile.month_first));
      return false;
    }
    plan.day_first = profile.day_first > 0;
    if (context.date_order == DateOrder::automatic && profile.may_have_year_first()) {
      return leave_order("every date could have the year first, or the day", "the date order dmy reads the day first");
    }
    if (profile.day_first + profile.month_first == 0 && profile.open_order > 0) {
      if (context.date_order != DateOrder::automatic) {
        plan.day_first = context.date_order == DateOrder::day_first;
      } else if (profile.first_always_one != profile.second_always_one) {
        plan.day_first = profile.first_always_one;
        warn("assumed_date_order",
             fmt::format("every date could have the day or the month first; read as first days of "
                         "months, {}; a date order (dmy, mdy) says otherwise",
                         plan.day_first ? "dd/mm/yyyy" : "mm/dd/yyyy"));
      } else {
        return leave_order("every date could have the day or the month first", "the date order dmy or mdy decides");
      }
    }
    plan.representation["format"] = plan.day_first ? "dd/mm/yyyy" : "mm/dd/yyyy";
    return true;
  }

  bool plan_date() {
    const std::uint64_t compact = count(profile, DateShape::compact);
    const bool as_compact = compact == values && has_word(name, kDateWords);
    if (profile.dates() + (as_compact ? compact : 0) != values) return false;
    const std::uint64_t months = count(profile, DateShape::month);
    const std::uint64_t quarters = count(profile, DateShape::quarter);
    if ((months > 0) + (quarters > 0) + (months + quarters < values) > 1) {
      warn("mixed_periods", "some cells are days, others whole months or quarters: left as text");
      return false;
    }
    if (!decide_order()) return false;
    describe_dates(months, quarters, as_compact);
    return true;
  }

  void describe_dates(std::uint64_t months, std::uint64_t quarters, bool as_compact) {
    plan.type = ColumnType::date;
    plan.time_part = TimePart::date;
    plan.grain = quarters > 0 ? Grain::quarter : Grain::month;
    if (as_compact) plan.representation["format"] = "yyyymmdd";
    if (count(profile, DateShape::year_first) == values) plan.representation["format"] = "yyyy-mm-dd";
    if (count(profile, DateShape::named) == values) plan.representation["format"] = "names of months";
    if (months > 0) plan.representation["format"] = "months";
    if (quarters > 0) plan.representation["format"] = "quarters";
    if (profile.short_years > 0) {
      warn("short_years",
           fmt::format("{} dates have years of two digits: 69 to 99 are read as 1969 to 1999", profile.short_years));
    }
    if (profile.times > 0) {
      warn("times_left_out", fmt::format("{} cells have a time of day, which is left out", profile.times));
    }
  }

  /// The mark under which every value is a number; '\0' if there is none.
  char decide_mark() {
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
    if (!asked && !other_columns_decide(points, commas)) warn_of_open_mark();
    return context.open_mark.mark;
  }

  /// What was asked for decides open columns. It must not cost another column of the file, whose numbers are plainly
  /// written with the other mark, those numbers.
  char mark_against_asked(char mark) {
    const NumberFacts& facts = mark == '.' ? profile.dot : profile.comma;
    const char* const word = word_of(mark);
    if (facts.open >= facts.only) {
      if (plan.forced) return context.open_mark.mark;
      warn("mixed_decimal_marks",
           fmt::format("{} cells have a decimal {}, which is not the mark that was asked for, and "
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
  [[nodiscard]] bool other_columns_decide(bool points, bool commas) const {
    if (context.open_mark.reason != DecimalMark::Reason::numbers || (points && commas)) return false;
    return context.open_mark.mark == ',' || commas;
  }

  void warn_of_open_mark() {
    const char mark = context.open_mark.mark;
    warn("open_decimal_mark",
         fmt::format(
             "every number could have a decimal point or a decimal comma; read with a {}{}; the option decimal "
             "says otherwise (--decimal {})",
             word_of(mark),
             context.open_mark.reason == DecimalMark::Reason::semicolons ? ", since semicolons separate the cells" : "",
             word_of(mark == '.' ? ',' : '.')));
  }

  static const char* word_of(char mark) { return mark == '.' ? "point" : "comma"; }

  void describe_numbers(const NumberFacts& facts) {
    plan.representation["decimal_mark"] = std::string(1, plan.decimal_mark);
    if ((facts.traits & kHasGroups) != 0) plan.representation["thousands"] = "apart";
    if ((facts.traits & kHasParentheses) != 0) plan.representation["negative"] = "parentheses";
    if ((facts.traits & kHasSuffix) != 0) plan.representation["suffixes"] = "k, m, b";
    std::string currencies;
    for (const auto& [currency, times] : profile.currencies) currencies += (currencies.empty() ? "" : ", ") + currency;
    if (!currencies.empty()) plan.representation["currency"] = currencies;
    if (profile.currencies.size() > 1) {
      warn("mixed_currencies", "amounts in " + currencies + " stand in one column; their sums mean nothing");
    }
    if ((facts.traits & kRounded) != 0) {
      warn("rounded", "some numbers have more than six decimals and are rounded half to even");
    }
  }

  bool plan_number() {
    if (profile.dot.count < values && profile.comma.count < values && profile.dot.only + profile.comma.only == 0)
      return false;
    const char mark = decide_mark();
    if (mark == '\0') return false;
    const NumberFacts& facts = mark == '.' ? profile.dot : profile.comma;
    if (facts.traits == kLeadingZero) {
      plan_time_part(facts);
      if (plan.time_part != TimePart::none) {
        plan.type = ColumnType::integer;
        plan.representation["format"] = "two digits";
        return true;
      }
    }
    if ((facts.traits & (kLeadingZero | kManyDigits)) != 0) {
      plan.representation["digits"] = "code";  // leading zeros say so
      return false;
    }
    const std::uint64_t percents = facts.percents + facts.zeros_without_percent;
    const bool known = profile.certain_percents == facts.percents && percents + profile.certain_plain >= facts.count;
    if (facts.percents > 0 && percents < facts.count && known) {
      warn("mixed_percent", fmt::format("{} cells of the workbook are shown as percent and {} are not; all are read by "
                                        "their values, 0.5 like 50%",
                                        facts.percents, facts.count - facts.percents));
    } else if (facts.percents > 0 && percents < facts.count) {
      warn("mixed_percent", fmt::format("{} cells have a percent sign and {} have none: left as text", facts.percents,
                                        facts.count - facts.percents));
      return false;
    }
    if (facts.spells_differently() && facts.percents == 0 && has_word(name, kCodeWords)) {
      plan.representation["digits"] = "code";
      return false;
    }
    plan.decimal_mark = mark;
    constexpr unsigned kNotInteger = kHasDecimals | kHasCurrency | kHasSuffix | kHasExponent | kHasPercent;
    const bool integer = (facts.traits & kNotInteger) == 0 && !facts.beyond_integer;
    plan.type = facts.percents > 0 ? ColumnType::fraction : integer ? ColumnType::integer : ColumnType::decimal;
    plan.wide = facts.beyond_narrow;
    // Whole years of a column with blanks come as 2024.0 from programs that know no blank integers.
    if (integer || (facts.traits == kHasDecimals && facts.only_zeros)) plan_time_part(facts);
    if (plan.time_part != TimePart::none) plan.type = ColumnType::integer;
    if (plan.time_part == TimePart::none) describe_numbers(facts);
    plan.spells_differently = plan.time_part == TimePart::none && facts.spells_differently();
    return true;
  }

  void plan_time_part(const NumberFacts& facts) {
    if (facts.small + facts.small_zeros != values) return;
    const std::int64_t least = std::min(facts.least, facts.least_zeros);
    const std::int64_t most = std::max(facts.most, facts.most_zeros);
    const auto between = [&](std::int64_t low, std::int64_t high) { return least >= low && most <= high; };
    if (has_word(name, kMeasureWords)) return;
    const bool plainly = name.find('_') == std::string::npos;
    if ((context.is_year || named(name, kYearWords)) &&
        (plainly || context.is_year ? between(1000, 2999) : between(1800, 2100)))
      plan.time_part = TimePart::year;
    if (named(name, kMonthWords) && between(1, 12)) plan.time_part = TimePart::month;
    if (named(name, kQuarterWords) && between(1, 4)) plan.time_part = TimePart::quarter;
  }

  bool plan_period_name() {
    const bool months = profile.month_names == values && named(name, kMonthWords);
    const bool quarters = profile.quarter_names == values;
    if (!months && !quarters) return false;
    plan.type = ColumnType::integer;
    plan.by_name = true;
    plan.time_part = months ? TimePart::month : TimePart::quarter;
    plan.representation["format"] = months ? "names of months" : "Q1 to Q4";
    return true;
  }

  void force_date() {
    const std::uint64_t months = count(profile, DateShape::month);
    const std::uint64_t quarters = count(profile, DateShape::quarter);
    const std::uint64_t compact = count(profile, DateShape::compact);
    values = profile.dates() + compact;
    if (values == 0) return describe_dates(0, 0, false);
    if ((months > 0) + (quarters > 0) + (months + quarters < values) > 1)
      warn("mixed_periods", "some cells are days, others whole months or quarters; these are read as their first days");
    decide_order();
    describe_dates(months, quarters, compact == values);
  }

  /// Words of a kind that more cells are than are numbers: Jan, Q1, FY2023.
  bool force_words(std::uint64_t numbers) {
    const std::uint64_t fiscal = profile.fiscal_years + profile.year_ranges;
    const std::uint64_t names = std::max(profile.month_names, profile.quarter_names);
    if (fiscal > numbers && fiscal >= names) {
      plan.fiscal = true;
      plan.time_part = TimePart::year;
      const bool ranges = profile.year_ranges > profile.fiscal_years;
      plan.representation["format"] = ranges ? "fiscal years such as 2009/10" : "fiscal years such as FY2023";
      if (profile.year_ranges > 0) warn_of_ranges();
    } else if (names > numbers) {
      const bool months = profile.month_names >= profile.quarter_names;
      plan.by_name = true;
      if (!months || named(name, kMonthWords)) plan.time_part = months ? TimePart::month : TimePart::quarter;
      plan.representation["format"] = months ? "names of months" : "Q1 to Q4";
    }
    return plan.fiscal || plan.by_name;
  }

  void force_number() {
    values = std::max(profile.dot.count, profile.comma.count);
    if (plan.type == ColumnType::integer && force_words(values)) return;
    if (const char mark = values == 0 ? '\0' : decide_mark(); mark != '\0') plan.decimal_mark = mark;
    const NumberFacts& facts = plan.decimal_mark == '.' ? profile.dot : profile.comma;
    if (plan.type == ColumnType::integer) plan_time_part(facts);
    if (plan.time_part == TimePart::none) describe_numbers(facts);
  }

  void warn_of_strays() {
    if (profile.credits_and_debits > 0) {
      warn("credits_and_debits",
           "amounts with CR or DR behind them are left as text: which of them is negative depends on "
           "the account; write a minus before those that are");
    }
    const auto mostly = [&](std::uint64_t some) {
      const std::uint64_t strays = values - some;
      const bool few = strays <= kFewStrays && some > strays;
      return some < values && (few || static_cast<double>(some) >= kMostly * static_cast<double>(values));
    };
    const auto stray = [&](const char* code, const char* what, std::uint64_t fitting, const CellExample& example,
                           const char* type) {
      warn(code, fmt::format("{} of {} cells are {}, so the column is text; the first that is none is '{}' in line {}; "
                             "the type {} reads it nevertheless",
                             fitting, values, what, example.text, example.line, type));
    };
    const std::uint64_t numbers = std::max(profile.dot.count, profile.comma.count);
    if (mostly(numbers)) stray("mostly_numbers", "numbers", numbers, profile.first_non_number, "decimal");
    if (mostly(profile.dates())) {
      stray("mostly_dates", "dates", profile.dates(), profile.first_non_date, "date");
    }
  }
};

}  // namespace

std::string ColumnPlan::storage() const {
  switch (type) {
    case ColumnType::integer:
      return "BIGINT";
    case ColumnType::decimal:
    case ColumnType::fraction:
      return wide ? "DECIMAL(38,6)" : "DECIMAL(18,6)";
    case ColumnType::date:
      return "DATE";
    case ColumnType::boolean:
      return "BOOLEAN";
    case ColumnType::text:
      break;
  }
  return "VARCHAR";
}

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

ColumnPlan plan_column(const ColumnProfile& profile, const std::string& name, const PlanContext& context,
                       std::vector<SchemaWarning>& warnings) {
  Planner planner{profile, name, context, warnings, profile.cells - profile.blank_words};
  if (planner.values == 0) {
    if (profile.cells == 0) planner.warn("empty_column", "no row has a value here");
    return planner.plan;
  }
  if (profile.texts < planner.values && (planner.plan_boolean() || planner.plan_fiscal_year() || planner.plan_date() ||
                                         planner.plan_number() || planner.plan_period_name())) {
    return planner.plan;
  }
  planner.warn_of_strays();
  return planner.plan;
}

ColumnPlan plan_forced(const ColumnProfile& profile, const std::string& name, ColumnType type,
                       const PlanContext& context, std::vector<SchemaWarning>& warnings) {
  Planner planner{profile, name, context, warnings, 0};
  ColumnPlan& plan = planner.plan;
  plan.type = type;
  plan.forced = true;
  plan.wide = true;
  plan.decimal_mark = context.open_mark.mark;
  if (type == ColumnType::date) planner.force_date();
  if (type == ColumnType::integer || type == ColumnType::decimal || type == ColumnType::fraction)
    planner.force_number();
  return plan;
}

}  // namespace neve::dataset
