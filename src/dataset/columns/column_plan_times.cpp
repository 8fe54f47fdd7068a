// Columns of dates, years, quarters and months.
#include "dataset/columns/column_planner.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include <neve/dataset/refused_file.hpp>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/column_names.hpp"
#include "dataset/columns/time_words.hpp"

namespace neve::dataset {
namespace {

std::uint64_t count(const ColumnProfile& profile, DateShape shape) {
  return profile.shapes[static_cast<std::size_t>(shape)];
}

std::string_view last_word(std::string_view name) {
  const std::size_t last = name.rfind('_');
  return name.substr(last == std::string_view::npos ? 0 : last + 1);
}

bool named(std::string_view name, std::span<const std::string_view> words) { return has_word(last_word(name), words); }

/// Not if the name speaks of days before: Datum Beleg-Nr.
bool is_numbering(std::string_view name) {
  const auto ends = [name](std::string_view end) { return name.ends_with(end); };
  return !has_word(name, kDateWords) &&
         (named(name, kNumberingWords) || std::any_of(kNumberingEnds.begin(), kNumberingEnds.end(), ends));
}

/// Whether any of its words means a day, and hardly anything else.
bool has_plain_date_word(std::string_view name) {
  return std::any_of(kDateWords.begin(), kDateWords.end(), [name](std::string_view word) {
    return !has_word(word, kOtherThings) && has_word(name, {&word, 1});
  });
}

}  // namespace

/// 2009/10 may be a month or a year from one summer to the next; that every cell names two years in a row says which.
bool ColumnPlanner::plan_fiscal_year() {
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

void ColumnPlanner::warn_of_ranges() {
  warn("fiscal_years", fmt::format("two years in a row, such as 2009/10, are read as the year in which they begin; "
                                   "the type text of {} leaves them as they are",
                                   name));
}

/// Whether all numbers are months in six digits, and the column's name speaks of such.
bool ColumnPlanner::are_months() const {
  const YearMonths& found = profile.year_months;
  if (found.count != values || has_word(name, kMeasureWords)) return false;
  if (has_word(name, kWeekWords) || has_word(name, kQuarterWords)) return false;
  if (has_word(name, kMonthWords)) return true;
  if (found.may_be_quarters()) return false;
  return has_word(name, kPeriodWords) || (has_word(name, kDateWords) && !found.may_be_days());
}

/// Whether all cells are months such as 01.2024, and the column's name speaks of times.
bool ColumnPlanner::are_dotted_months() const {
  const bool speaks = has_word(name, kMonthWords) || has_word(name, kPeriodWords) || has_word(name, kDateWords);
  return profile.dotted_months == values && speaks && !has_word(name, kMeasureWords);
}

/// Whether all numbers are quarters such as 202304, and the column's name speaks of such.
bool ColumnPlanner::are_quarters() const {
  return profile.year_months.count == values && profile.year_months.in_quarters() && has_word(name, kQuarterWords) &&
         !has_word(name, kMeasureWords);
}

/// Whether all numbers are quarters such as 20234, and the column's name speaks of such.
bool ColumnPlanner::are_short_quarters() const {
  const bool speaks = has_word(name, kQuarterWords) || has_word(name, kYearQuarterWords);
  return profile.year_quarters == values && speaks && !has_word(name, kMeasureWords);
}

bool ColumnPlanner::speaks_of_times() const {
  const bool to_date = name == "to_date" || name.ends_with("_to_date");  // what has come together since January
  const bool length = to_date || (last_word(name) == "period" && has_word(name, kLengthWords));
  if (has_word(name, kMeasureWords) || (length && profile.dates() == 0)) return false;
  const bool ends = named(name, kYearWords) || named(name, kMonthWords) || named(name, kQuarterWords) ||
                    named(name, kPeriodWords) || named(name, kYearQuarterWords) || named(name, kWeekWords);
  return (ends && !named(name, kOtherThings)) || has_plain_date_word(name) || last_word(name) == "timestamp";
}

/// A column that is called like a time and is none would leave an analysis without its periods, and without a word.
void ColumnPlanner::warn_of_unread_times() {
  const bool in_words = name.find('_') != std::string::npos && !has_plain_date_word(name);
  const bool grouped = plan.representation.contains("thousands");
  const bool amounts = in_words && (plan.type == ColumnType::decimal || grouped);
  const bool may_be =
      plan.type == ColumnType::text || plan.type == ColumnType::integer || plan.type == ColumnType::decimal;
  if (plan.time_part != TimePart::none || !may_be || amounts || !speaks_of_times()) return;
  const CellExample& example = profile.first_non_date;
  if (example.line == 0) return;  // all are dates, and why they are not read as such has been said
  warn("unread_times",
       fmt::format("it is called like a time, and '{}' in line {} is none that is known, so no periods come from it; "
                   "days such as 2024-01-31, months such as 2024-01, quarters such as 2024-Q1 and years are",
                   example.text, example.line));
}

/// Of numbers that stay what they are and could be dates: without a word, an analysis would have no periods.
void ColumnPlanner::warn_of_possible_dates() {
  const std::string remedy = fmt::format("the type date reads them so (--type {}=date)", name);
  const YearMonths& found = profile.year_months;
  if (found.count == values && found.differ() && !has_word(name, kWeekWords) && !has_word(name, kQuarterWords))
    warn("possible_months", "every number could be a year and a month, such as 202401; " + remedy);
  if (count(profile, DateShape::compact) == values)
    warn("possible_dates", "every number could be a day, such as 20240131; " + remedy);
  const bool speaks_of_days = has_word(name, kDateWords) || has_word(name, kMonthWords) || has_word(name, kPeriodWords);
  if (!speaks_of_days || has_word(name, kMeasureWords)) return;
  if (profile.year_quarters == values) {  // rather than days of the fifties
    warn("possible_dates", "every number could be a year and a quarter, such as 20241; " + remedy);
    return;
  }
  if (profile.day_serials != values) return;
  const std::int32_t days = context.day_zero + static_cast<std::int32_t>(profile.first_serial);
  warn("possible_dates",
       fmt::format(
           "every number could be a day {}, {} as {}; {}, and so does a date format in the spreadsheet",
           context.of_sheet ? "of the workbook that is not shown as one" : "as spreadsheets count them from 1900",
           profile.first_serial, date_text(days), remedy));
}

bool ColumnPlanner::plan_date() {
  plan.dotted_months = are_dotted_months();
  if (plan.dotted_months) {
    describe_dates(values, 0, false);
    return true;
  }
  plan.year_quarters = are_quarters();
  plan.year_months = plan.year_quarters || are_months();
  if (plan.year_months) {
    describe_dates(plan.year_quarters ? 0 : values, plan.year_quarters ? values : 0, false);
    return true;
  }
  plan.short_quarters = are_short_quarters();
  if (plan.short_quarters) {
    describe_dates(0, values, false);
    return true;
  }
  const std::uint64_t compact = count(profile, DateShape::compact);
  const bool as_compact = compact == values && has_word(name, kDateWords);
  if (profile.dates() + (as_compact ? compact : 0) != values) return false;
  if (profile.short_dotted == values && is_numbering(name)) {  // 01.02.03 is a product of a budget
    plan.representation["digits"] = "code";
    return false;
  }
  if (profile.trimesters > 0 && !profile.fourth_trimester && !has_word(name, kQuarterWords)) {
    warn("unread_times",
         fmt::format("T1 to T3 of a year may be quarters or thirds, as terms and tertials are: left as text; the type "
                     "date reads them as quarters (--type {}=date)",
                     name));
    return false;
  }
  const std::uint64_t months = count(profile, DateShape::month);
  const std::uint64_t quarters = count(profile, DateShape::quarter);
  if (mixes_periods(months, quarters)) {
    warn("mixed_periods", "some cells are days, others whole months, quarters or halves of years: left as text");
    return false;
  }
  if (!decide_order()) return false;
  describe_dates(months, quarters, as_compact);
  return true;
}

/// Whether the values are of several lengths: days, so many months and quarters, halves of years.
bool ColumnPlanner::mixes_periods(std::uint64_t months, std::uint64_t quarters) const {
  const std::uint64_t halves = count(profile, DateShape::half);
  const bool days = months + quarters + halves < values;
  return (months > 0) + (quarters > 0) + (halves > 0) + days > 1;
}

/// Says which of day and month stands first, or that nobody can know.
bool ColumnPlanner::decide_order() {
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
    } else if (profile.open_dotted == profile.open_order) {
      plan.day_first = true;  // no country writes its dates with dots and the month first
      warn("assumed_date_order",
           "every date could have the day or the month first; read as dd.mm.yyyy, as dates with dots are written; a "
           "date order (dmy, mdy) says otherwise");
    } else if (dates_follow_comma() && !profile.second_always_one) {
      plan.day_first = true;  // nor with a decimal comma in its numbers
      warn("assumed_date_order",
           "every date could have the day or the month first; read as dd/mm/yyyy, since the numbers of the file have a "
           "decimal comma; a date order (dmy, mdy) says otherwise");
    } else if (profile.first_always_one != profile.second_always_one && !dates_follow_comma()) {
      plan.day_first = profile.first_always_one;
      warn("assumed_date_order", fmt::format("every date could have the day or the month first; read as first days of "
                                             "months, {}; a date order (dmy, mdy) says otherwise",
                                             plan.day_first ? "dd/mm/yyyy" : "mm/dd/yyyy"));
    } else {
      return leave_order("every date could have the day or the month first", "the date order dmy or mdy decides");
    }
  }
  plan.representation["format"] = plan.day_first ? "dd/mm/yyyy" : "mm/dd/yyyy";
  return true;
}

/// Whether numbers of the file plainly have a decimal comma: who writes that writes the day first, unless other dates
/// of the file plainly have the month first.
bool ColumnPlanner::dates_follow_comma() const {
  return !context.month_leads && context.open_mark.reason == DecimalMark::Reason::numbers &&
         context.open_mark.mark == ',';
}

/// A column that was asked to be one of dates must not have wrong months, nor none without a word.
bool ColumnPlanner::leave_order(const std::string& why, const std::string& remedy) {
  if (plan.forced) throw WrongOption("types", "'" + name + "' cannot be read as dates: " + why + "; " + remedy);
  warn("open_date_order", why + ": left as text; " + remedy);
  return false;
}

/// A spreadsheet that expects the month first makes 2024-03-04 of 03/04/2024, and leaves 13/04/2024 the text that it
/// is. So days are where a month would be in all that it has understood, and nowhere else.
void ColumnPlanner::warn_of_swapped_dates() {
  constexpr int kMonths = 12;
  const std::uint64_t texts = count(profile, DateShape::two_first);
  const std::uint64_t dates = count(profile, DateShape::year_first);
  const bool all_unmistakable = texts > 0 && texts == std::max(profile.day_first, profile.month_first);
  if (!context.of_sheet || dates == 0 || profile.latest_day > kMonths || !all_unmistakable) return;
  warn("swapped_dates",
       fmt::format(
           "{} cells are texts such as {}, and of the other {} none has a day after the 12th: if a spreadsheet has "
           "understood these with the {} first, their days and months are swapped",
           texts, profile.day_first > 0 ? "31/01/2024" : "01/31/2024", dates, profile.day_first > 0 ? "month" : "day"));
}

bool ColumnPlanner::read_most_of_contradicting() {
  plan.day_first = context.date_order == DateOrder::automatic ? profile.day_first > profile.month_first
                                                              : context.date_order == DateOrder::day_first;
  warn("contradicting_dates", fmt::format("{} dates have the day first and {} the month; read with the {} first",
                                          profile.day_first, profile.month_first, plan.day_first ? "day" : "month"));
  return true;
}

void ColumnPlanner::describe_dates(std::uint64_t months, std::uint64_t quarters, bool as_compact) {
  plan.type = ColumnType::date;
  plan.time_part = TimePart::date;
  if (profile.least_year <= profile.most_year) plan.years = YearRange{profile.least_year, profile.most_year};
  plan.grain = quarters > 0 ? Grain::quarter : Grain::month;
  if (as_compact) plan.representation["format"] = "yyyymmdd";
  if (count(profile, DateShape::year_first) == values) plan.representation["format"] = "yyyy-mm-dd";
  if (count(profile, DateShape::named) == values) plan.representation["format"] = "names of months";
  if (months > 0) plan.representation["format"] = "months";
  if (quarters > 0) plan.representation["format"] = "quarters";
  if (count(profile, DateShape::half) > 0) {  // an analysis knows quarters and years: neither may be a half
    plan.grain = Grain::year;
    plan.representation["format"] = "halves of years";
    warn("half_years", fmt::format("halves of years are read as their first days, and the periods of an analysis are "
                                   "years; a filter such as {} = '2024-07-01' keeps the halves of one day",
                                   name_in_filter(name)));
  }
  if (profile.short_years > 0) {
    warn("short_years",
         fmt::format("{} dates have years of two digits: 69 to 99 are read as 1969 to 1999", profile.short_years));
  }
  warn_of_swapped_dates();
  if (profile.times > 0) {
    warn("times_left_out", fmt::format("{} cells have a time of day, which is left out", profile.times));
  }
}

void ColumnPlanner::plan_time_part(const NumberFacts& facts) {
  if (facts.small + facts.small_zeros != values) return;
  const std::int64_t least = std::min(facts.least, facts.least_zeros);
  const std::int64_t most = std::max(facts.most, facts.most_zeros);
  const auto between = [&](std::int64_t low, std::int64_t high) { return least >= low && most <= high; };
  if (has_word(name, kMeasureWords)) return;
  const bool plainly = name.find('_') == std::string::npos;
  if ((context.is_year || named(name, kYearWords)) &&
      (plainly || context.is_year ? between(1000, 2999) : between(1800, 2100)))
    plan.time_part = TimePart::year;
  if (named(name, kAccountYearWords) && between(1800, 2100)) plan.time_part = TimePart::year;
  const bool whole = std::find(kWholeYearNames.begin(), kWholeYearNames.end(), name) != kWholeYearNames.end();
  if (whole && between(1900, 2100)) plan.time_part = TimePart::year;
  if (plan.time_part == TimePart::year) plan.years = YearRange{static_cast<int>(least), static_cast<int>(most)};
  if (named(name, kMonthWords) && between(1, 12)) plan.time_part = TimePart::month;
  if (named(name, kQuarterWords) && between(1, 4)) plan.time_part = TimePart::quarter;
}

bool ColumnPlanner::plan_period_name() {
  const bool months = profile.month_names == values && named(name, kMonthWords);
  const bool quarters = profile.quarter_names == values;
  if (!months && !quarters) return false;
  plan.type = ColumnType::integer;
  plan.by_name = true;
  plan.time_part = months ? TimePart::month : TimePart::quarter;
  plan.representation["format"] = months ? "names of months" : "Q1 to Q4";
  return true;
}

void ColumnPlanner::force_date() {
  const std::uint64_t six_digits = has_word(name, kWeekWords) ? 0 : profile.year_months.count;
  plan.year_months = six_digits > 0;
  plan.year_quarters = plan.year_months && has_word(name, kQuarterWords) && profile.year_months.in_quarters();
  plan.dotted_months = profile.dotted_months > 0;
  const std::uint64_t months =
      count(profile, DateShape::month) + profile.dotted_months + (plan.year_quarters ? 0 : six_digits);
  const std::uint64_t filled = profile.cells - profile.blank_words;
  const bool of_quarters = has_word(name, kQuarterWords) || has_word(name, kYearQuarterWords);
  plan.short_quarters = profile.year_quarters > 0 && (of_quarters || profile.year_quarters == filled);
  const std::uint64_t five_digits = plan.short_quarters ? profile.year_quarters : 0;
  const std::uint64_t quarters =
      count(profile, DateShape::quarter) + (plan.year_quarters ? six_digits : 0) + five_digits;
  const std::uint64_t compact = count(profile, DateShape::compact);
  // Nothing says where a text counts from, so beside other dates it does not.
  const bool alone = profile.day_serials == filled;
  const std::uint64_t serials = plan.short_quarters || !(context.of_sheet || alone) ? 0 : profile.day_serials;
  if (serials > 0) plan.day_zero = context.day_zero;
  values = profile.dates() + profile.dotted_months + compact + six_digits + five_digits + serials;
  if (values == 0) return describe_dates(0, 0, false);
  if (mixes_periods(months, quarters)) {
    warn("mixed_periods",
         "some cells are days, others whole months, quarters or halves of years; these are read as their first days");
  }
  decide_order();
  describe_dates(months, quarters, compact == values);
  if (serials == values) plan.representation["format"] = "numbers of days";
}

/// Words of a kind that more cells are than are numbers: Jan, Q1, FY2023.
bool ColumnPlanner::force_words(std::uint64_t numbers) {
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

}  // namespace neve::dataset
