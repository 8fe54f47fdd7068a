#include "dataset/columns/total_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "dataset/columns/account_words.hpp"
#include "dataset/columns/number_steps.hpp"
#include "dataset/columns/total_words.hpp"
#include "dataset/values/cell_text.hpp"
#include "dataset/values/folded_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kExamples = 20;
// What is kept in memory for a table however large; a table of summed-up periods has far fewer of both.
constexpr std::size_t kMostLabelled = 100'000;
constexpr std::size_t kMostPeriods = 10'000;
constexpr std::size_t kMostHeadings = 10'000;
constexpr Int128 kLeastPrecise = 200;  // rounding may explain so small a part of a sum and no more

/// A heading as labels have it: in small letters, without "Less" before it and a colon behind.
std::string heading_of(std::string_view text) {
  std::vector<std::int32_t> room(6 * text.size() + 1);
  std::string_view heading = folded(text, Accents::left_out, room);
  if (heading.starts_with("less ") || heading.starts_with("plus ")) heading.remove_prefix(5);
  while (heading.ends_with(':') || heading.ends_with(' ')) heading.remove_suffix(1);
  return std::string(heading);
}

/// What a label may be called by: without its first word, or a further "for", or without its last.
std::vector<std::string> headings_in(std::string_view label) {
  const std::string text = heading_of(label);
  std::vector<std::string> found;
  if (const std::size_t first = text.find(' '); first != std::string::npos) {
    found.push_back(text.substr(first + 1));
    for (const std::string_view word : {"for ", "of ", "de ", "des ", "du ", "di ", "da ", "von ", "der "}) {
      if (found.front().starts_with(word)) found.push_back(found.front().substr(word.size()));
    }
    found.push_back(text.substr(0, text.rfind(' ')));
  }
  return found;
}

}  // namespace

TotalRows::TotalRows(std::span<const ColumnPlan> plans, std::optional<std::size_t> made_period,
                     std::vector<std::uint64_t> known)
    : label_(plans), known_(std::move(known)) {
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const ColumnPlan& plan = plans[i];
    if (plan.time_part != TimePart::none) times_.push_back(i);
    if (describes_row(plan) && i != made_period) others_.push_back(i);
    if (!sums_up(plan)) continue;
    numbers_.push_back(i);
    units_.push_back(widest_step(plan.type));
  }
  not_zero_.resize(numbers_.size());
  texts_ = !others_.empty();
  if (others_.empty() && numbers_.size() > 1) others_.push_back(numbers_.front());
  resize(everything_);
}

void TotalRows::resize(Group& group) const {
  for (Sums* sums :
       {&group.since_last, &group.since_result, &group.until_repeating, &group.before, &group.data, &group.ahead})
    sums->columns.resize(numbers_.size());
}

std::string TotalRows::period_of(std::span<const CellValue> values) const {
  std::string period;
  for (const std::size_t i : times_) {
    const CellValue& value = values[i];
    period += value.blank ? "-" : std::to_string(static_cast<std::int64_t>(value.number));
    period += '/';
    period += value.text;
    period += '\0';
  }
  return period;
}

std::vector<CellValue> TotalRows::numbers_of(std::span<const CellValue> values) const {
  std::vector<CellValue> numbers;
  for (const std::size_t i : numbers_) numbers.push_back({values[i].blank, values[i].number, {}});
  return numbers;
}

TotalRows::Agreement TotalRows::agreement(const std::vector<CellValue>& numbers, const Sums& sums,
                                          Rigour rigour) const {
  if (sums.rows < 2) return Agreement::none;
  std::size_t filled = 0;
  std::size_t agree = 0;
  Agreement best = Agreement::none;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i].blank) continue;
    const Int128 sum = sums.columns[i];
    if (rigour == Rigour::strict && sum == 0 && numbers[i].number == 0) continue;
    ++filled;
    const Int128 explained = std::min(Int128{sums.rows} * units_[i] / 2, magnitude(sum) / kLeastPrecise);
    const Int128 rounding = rigour == Rigour::strict ? 0 : explained;
    Int128 off = 0;
    if (__builtin_sub_overflow(numbers[i].number, sum, &off) || magnitude(off) > rounding) continue;
    ++agree;
    if (sum == 0) continue;
    const bool large = magnitude(sum) >= kTellingSteps * std::max(units_[i], 2 * rounding);
    best = std::max(best, large ? Agreement::strong : Agreement::weak);
  }
  return agree * 2 >= filled ? best : Agreement::none;
}

std::size_t TotalRows::filled_others(std::span<const CellValue> values) const {
  std::size_t filled = 0;
  for (const std::size_t i : others_) filled += values[i].blank && values[i].text.empty() ? 0 : 1;
  return filled;
}

bool TotalRows::stands_alone(std::size_t filled) const {
  // Where other rows leave those cells blank, too, it proves nothing.
  return filled == 1 && data_rows_ > 0 && fuller_rows_ * 10 >= data_rows_ * 9;
}

void TotalRows::add(Sums& sums, std::span<const CellValue> numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!numbers[i].blank)
      overflow_ = overflow_ || __builtin_add_overflow(sums.columns[i], numbers[i].number, &sums.columns[i]);
  }
  ++sums.rows;
}

void TotalRows::clear(Sums& sums) {
  std::fill(sums.columns.begin(), sums.columns.end(), 0);
  sums.rows = 0;
}

/// Of the rows that `all` has and `first` has not.
TotalRows::Sums TotalRows::difference(const Sums& all, const Sums& first) {
  Sums others = all;
  others.rows -= first.rows;
  for (std::size_t i = 0; i < others.columns.size(); ++i) {
    overflow_ = overflow_ || __builtin_sub_overflow(all.columns[i], first.columns[i], &others.columns[i]);
  }
  return others;
}

/// A labelled row ends what the one before it may have summed up.
void TotalRows::close(Group& group) {
  for (const std::size_t i : group.open) {
    Labelled& before = labelled_[i];
    if (before.total) continue;
    before.agreement = agreement(before.numbers, group.ahead);
    before.total = proves(before);
  }
  group.open.clear();
  clear(group.ahead);
}

bool TotalRows::proves(const Labelled& row) const {
  if (row.says_so()) return row.agreement != Agreement::none;
  // A blank says something only where most rows have none.
  return row.agreement == Agreement::strong && (!row.label.empty() || described_rows_ * 2 >= data_rows_);
}

TotalRows::Group* TotalRows::group_of(const std::string& period) {
  if (times_.empty()) return nullptr;
  if (const auto found = periods_.find(period); found != periods_.end()) return &found->second;
  if (periods_.size() == kMostPeriods) return nullptr;
  Group& group = periods_[period];
  resize(group);
  return &group;
}

/// Whether a row of which nothing says what it is about has sums of the rows before it.
bool TotalRows::sums_silently(std::span<const CellValue> values) {
  const auto filled = [values](std::size_t i) { return !values[i].blank; };
  if (others_.empty() || std::any_of(others_.begin(), others_.end(), filled)) return false;
  const std::vector<CellValue> numbers = numbers_of(values);
  Agreement best = Agreement::none;
  for (const Group* group : {&everything_, group_of(period_of(values))}) {
    if (group == nullptr) continue;
    for (const Sums* sums : {&group->since_last, &group->before})
      best = std::max(best, agreement(numbers, *sums, Rigour::strict));
  }
  if (best == Agreement::strong && labelled_.size() < kMostLabelled) return true;
  ++silent_data_;
  return false;
}

void TotalRows::observe_label(std::string_view label, std::span<const CellValue> values, std::uint64_t line) {
  const TotalWords words = total_words_of(label);
  const bool says_so = words != TotalWords::none;
  if (labelled_.size() == kMostLabelled) {
    further_doubtful_ += says_so ? 1 : 0;
    return;
  }
  labelled_in_words_ += says_so ? 1 : 0;
  const std::size_t filled = filled_others(values);
  // Of the rows so far; a total that stands before the others is judged again when all are known.
  const bool alone = words > TotalWords::in_a_name && stands_alone(filled);
  Labelled row{row_,
               line,
               says_so ? excerpt(label) : std::string(label),
               numbers_of(values),
               period_of(values),
               filled,
               words,
               alone,
               false,
               false};
  std::vector<Group*> groups{&everything_};
  if (Group* group = group_of(row.period)) groups.push_back(group);
  for (Group* group : groups) {
    close(*group);
    const Sums since_repeating = difference(group->since_last, group->until_repeating);
    row.repeats = row.repeats || repeats(row, since_repeating);
    const Agreement with_repeating = agreement(row.numbers, group->since_last);
    const Agreement without = std::max(agreement(row.numbers, since_repeating), agreement(row.numbers, group->data));
    if (row.says_so() && with_repeating != Agreement::none && without == Agreement::none) {
      for (const std::size_t i : group->repeating) labelled_[i].summand = true;
    }
    row.agreement = std::max({row.agreement, with_repeating, without, agreement(row.numbers, group->before),
                              agreement(row.numbers, group->since_result)});
  }
  if (row.says_so()) row.agreement = std::max(row.agreement, agreement(row.numbers, below_heading(label)));
  row.total = proves(row) || row.alone;
  for (Group* group : groups) {
    if (row.total) {
      clear(group->since_last);
      clear(group->since_result);
      clear(group->until_repeating);
      group->repeating.clear();
    } else {
      add(group->since_last, row.numbers);
      add(group->since_result, row.numbers);
      add(group->before, row.numbers);
    }
    if (!row.total && row.repeats) {
      group->until_repeating = group->since_last;
      group->repeating.push_back(labelled_.size());
    }
    if (row.agreement == Agreement::none) group->open.push_back(labelled_.size());
  }
  labelled_.push_back(std::move(row));
  after_label_ = row_ + 1;
}

bool TotalRows::is_result(std::span<const CellValue> values) const {
  const auto& columns = label_.columns();
  return std::any_of(columns.begin(), columns.end(), [values](std::size_t i) { return says_result(values[i].text); });
}

/// A row with nothing but a text may be the heading of what a total below it sums up.
void TotalRows::note_heading(std::span<const CellValue> values) {
  for (const std::size_t i : label_.columns()) {
    if (values[i].text.empty() || headings_.size() >= kMostHeadings) continue;
    headings_.insert_or_assign(heading_of(values[i].text), everything_.before);
  }
}

TotalRows::Sums TotalRows::below_heading(std::string_view label) {
  if (headings_.empty()) return {};
  for (const std::string& named : headings_in(label)) {
    if (const auto found = headings_.find(named); found != headings_.end())
      return difference(everything_.before, found->second);
  }
  return {};
}

/// Below a total stands a mean, a tax or the like rather than a customer called so.
void TotalRows::observe_below(std::span<const CellValue> values, std::uint64_t line) {
  if (labelled_.empty() || after_label_ != row_ || below_.size() == kMostLabelled) return;
  const bool one_text = filled_others(values) == 1;
  for (const std::size_t i : label_.columns()) {
    const std::string_view text = values[i].text;
    const bool average = has_average_word(text);
    if (!average && (!one_text || text.empty())) continue;
    // What the rows above it prove is a total of those, and not of this one.
    const Labelled& total = labelled_.back();
    const auto blank = [](const CellValue& number) { return number.blank; };
    bool fewer = total.agreement != Agreement::none && std::none_of(total.numbers.begin(), total.numbers.end(), blank);
    if (fewer) {
      const std::vector<CellValue> own = numbers_of(values);
      fewer = std::any_of(own.begin(), own.end(), blank) && !std::all_of(own.begin(), own.end(), blank);
    }
    below_.push_back({labelled_.size() - 1, line, excerpt(text), average, fewer});
    after_label_ = row_ + 1;
    return;
  }
}

void TotalRows::observe(std::span<const CellValue> values, std::uint64_t line) {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    narrow_step(units_[i], values[numbers_[i]].number);
    if (!values[numbers_[i]].blank) last_row_ = row_;
  }
  if (known_examples_.size() < known_.size() && known_[known_examples_.size()] == row_) {
    known_examples_.push_back({line, text_of(values), true});
    ++row_;
    return;
  }
  const std::string_view label = label_.of(values);
  if (!label.empty() || sums_silently(values)) {
    observe_label(label, values, line);
  } else {
    observe_below(values, line);
    const std::vector<CellValue> numbers = numbers_of(values);
    if (std::all_of(numbers.begin(), numbers.end(), [](const CellValue& number) { return number.blank; }))
      note_heading(values);
    const bool result = is_result(values);
    for (Group* group : {&everything_, group_of(period_of(values))}) {
      if (group == nullptr) continue;
      if (result) {
        clear(group->since_result);
      } else {
        add(group->since_result, numbers);
      }
      for (Sums* sums : {&group->since_last, &group->before, &group->data, &group->ahead}) add(*sums, numbers);
    }
    ++data_rows_;
    for (std::size_t i = 0; i < numbers.size(); ++i) not_zero_[i] += numbers[i].number != 0 ? 1 : 0;
    const std::size_t filled = filled_others(values);
    described_rows_ += filled > 0 ? 1 : 0;
    fuller_rows_ += filled > 1 ? 1 : 0;
  }
  ++row_;
}

/// Small sums tell something if nearly all rows that call themselves totals agree, and there are several, or the one
/// stands where a total does.
bool TotalRows::is_telling(const Labelled& row, bool nearly_all_agree) const {
  if (row.agreement == Agreement::strong || !row.says_so()) return true;
  const bool first_or_last = row.row == 0 || row.row + 1 == row_;
  return nearly_all_agree && (labelled_in_words_ > 1 || first_or_last);
}

/// `labelled` sums up the rows that say they are totals and are none, `row` among them: a customer called Total is part
/// of the sums.
TotalRows::Agreement TotalRows::agreement_with(const Labelled& row, const Sums& data, const Sums& labelled) {
  const Agreement unlabelled = agreement(row.numbers, data);
  if (labelled.rows < 2) return unlabelled;
  Sums all = data;
  all.rows += labelled.rows - 1;
  for (std::size_t i = 0; i < all.columns.size(); ++i) {
    const Int128 others = labelled.columns[i] - (row.numbers[i].blank ? 0 : row.numbers[i].number);
    overflow_ = overflow_ || __builtin_add_overflow(all.columns[i], others, &all.columns[i]);
  }
  return std::max(unlabelled, agreement(row.numbers, all));
}

/// Of the rows that nothing near them proves to be totals.
void TotalRows::compare_with_all_data() {
  Sums labelled{std::vector<Int128>(numbers_.size()), 0};
  std::map<std::string, Sums> labelled_of;
  for (const Labelled& row : labelled_) {
    if (row.total) continue;
    add(labelled, row.numbers);
    if (periods_.contains(row.period))
      add(labelled_of.try_emplace(row.period, Sums{std::vector<Int128>(numbers_.size()), 0}).first->second,
          row.numbers);
  }
  for (Labelled& row : labelled_) {
    if (row.total) continue;
    row.agreement = agreement_with(row, everything_.data, labelled);
    if (const auto group = periods_.find(row.period); group != periods_.end())
      row.agreement = std::max(row.agreement, agreement_with(row, group->second.data, labelled_of.at(row.period)));
  }
  for (Labelled& row : labelled_) row.total = row.alone || proves(row);
}

/// Rows proven by what is blank beside their label.
void TotalRows::find_alone() {
  std::map<std::string, std::uint64_t> named;  // the rows of each label that has a name in it and no sums
  for (const Labelled& row : labelled_) {
    if (row.says_so() && row.words != TotalWords::alone) ++named[row.label];
  }
  for (const Labelled& row : labelled_) {
    if (row.agreement != Agreement::none) named.erase(row.label);
  }
  for (Labelled& row : labelled_) {
    const auto name = named.find(row.label);
    const bool is_name = name != named.end() && name->second > 1;
    row.alone = row.words > TotalWords::in_a_name && !is_name && stands_alone(row.filled);
    row.total = row.alone || proves(row);
  }
}

/// Where nobody is named for many amounts, some are by chance what the rows before them come to.
void TotalRows::doubt_silent() {
  const auto silent = [](const Labelled& row) { return row.label.empty(); };
  const auto sums = std::count_if(labelled_.begin(), labelled_.end(), silent);
  if (static_cast<std::uint64_t>(sums) >= silent_data_) return;
  for (Labelled& row : labelled_) {
    if (silent(row)) row.total = false;
  }
}

/// Rows whose sums may be chance, or did not fit, are no totals.
void TotalRows::judge_sums() {
  std::map<std::string, std::int64_t> proven;  // of each label: how many more rows are sums than are none
  for (const Labelled& row : labelled_) {
    const bool open = row.repeats && !row.total && !row.summand;  // of a group of one row, perhaps
    if (!row.label.empty() && !open) proven[row.label] += row.total ? 1 : -1;
  }
  const auto others = std::count_if(labelled_.begin(), labelled_.end(),
                                    [](const Labelled& row) { return row.says_so() && !row.total; });
  const bool nearly_all_agree = static_cast<std::size_t>(others) * 10 <= labelled_in_words_;
  for (Labelled& row : labelled_) {
    // A customer called Total has rows whose few numbers are sums by chance.
    if (!row.alone && (proven[row.label] < 0 || !is_telling(row, nearly_all_agree))) row.total = false;
    // Sums that did not fit prove nothing.
    if (overflow_ && row.agreement != Agreement::none) row.total = false;
  }
}

/// Whether the row says that it is a total, and is as much as the one row that it may sum up.
bool TotalRows::repeats(const Labelled& row, const Sums& sums) const {
  if (!row.says_so() || sums.rows != 1) return false;
  bool any = false;
  for (std::size_t i = 0; i < row.numbers.size(); ++i) {
    if (row.numbers[i].blank) continue;
    if (row.numbers[i].number != sums.columns[i]) return false;
    any = any || magnitude(sums.columns[i]) >= kTellingSteps * units_[i];
  }
  return any;
}

/// A group of one row has a total as well, if others prove that there are such, or if the table has nothing but such
/// pairs, as a short list of groups with subtotals may.
void TotalRows::judge_repeating() {
  constexpr std::uint64_t kLeastPairs = 3;
  const auto open = [](const Labelled& row) { return !row.total && row.repeats && !row.summand; };
  const auto pairs = static_cast<std::uint64_t>(std::count_if(labelled_.begin(), labelled_.end(), open));
  const bool only_pairs = pairs >= kLeastPairs && pairs == data_rows_;
  std::set<std::pair<TotalWords, std::size_t>> proven;
  for (const Labelled& row : labelled_) {
    const bool plain = row.words > TotalWords::in_a_name && !row.repeats;
    if (row.total && plain && row.agreement == Agreement::strong) proven.emplace(row.words, row.filled);
  }
  for (Labelled& row : labelled_) {
    if (!open(row)) continue;
    if (!only_pairs && !proven.contains({row.words, row.filled})) continue;
    row.total = true;
    row.agreement = Agreement::strong;
  }
}

/// Where most rows say nothing of what they are about, the last may sum up all of them nevertheless.
void TotalRows::judge_last() {
  constexpr std::uint64_t kLeastSummands = 3;
  if (labelled_.empty() || !texts_ || described_rows_ == 0 || overflow_) return;
  Labelled& last = labelled_.back();
  if (last.total || !last.label.empty() || last.row != last_row_) return;
  Sums all = everything_.data;
  for (const Labelled& row : labelled_) {
    if (!row.total && &row != &last) add(all, row.numbers);
  }
  std::vector<CellValue> numbers = last.numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i].blank = numbers[i].blank || not_zero_[i] < kLeastSummands;
  if (agreement(numbers, all, Rigour::strict) != Agreement::strong || overflow_) return;
  last.agreement = Agreement::strong;
  last.total = true;
}

/// The first text of a row.
std::string TotalRows::text_of(std::span<const CellValue> values) const {
  const auto filled =
      std::find_if(others_.begin(), others_.end(), [&](std::size_t i) { return !values[i].text.empty(); });
  return filled == others_.end() ? std::string() : excerpt(values[*filled].text);
}

/// What has been decided, told.
TotalRowsFound TotalRows::found() const {
  TotalRowsFound found;
  found.doubtful = further_doubtful_;
  std::map<std::string, std::uint64_t> kinds;  // rows of each label that may be a kind of amount, and is none of a sum
  for (const Labelled& row : labelled_) {
    if (row.says_so() && may_be_kind(row.label)) ++kinds[row.label];
  }
  for (const Labelled& row : labelled_) {
    if (row.total) kinds.erase(row.label);
  }
  const auto is_kind = [&kinds](const Labelled& row) {
    const auto kind = kinds.find(row.label);
    return kind != kinds.end() && kind->second > 1;
  };
  std::vector<TotalRowsFound::Example> examples = known_examples_;
  found.rows = known_;
  for (const Labelled& row : labelled_) {
    TotalRowsFound::Example example{row.line, row.label, row.total && row.agreement != Agreement::none};
    if (row.total) {
      found.rows.push_back(row.row);
      examples.push_back(std::move(example));
    } else if (row.says_so() && !is_kind(row) && found.doubtful++ == further_doubtful_) {
      found.first_doubtful = std::move(example);
    }
  }
  std::sort(found.rows.begin(), found.rows.end());
  std::sort(examples.begin(), examples.end(), [](const auto& one, const auto& other) { return one.line < other.line; });
  examples.resize(std::min(examples.size(), kExamples));
  found.examples = std::move(examples);
  const auto is_total = [](const Labelled& row) { return row.total; };
  const auto last = std::find_if(labelled_.rbegin(), labelled_.rend(), is_total);
  for (const Below& row : below_) {
    if (!labelled_[row.total].total) continue;
    const bool below_last = row.fewer && &labelled_[row.total] == &*last;
    if ((row.average || stands_alone(1) || below_last) && found.below++ == 0) found.first_below = {row.line, row.label};
  }
  return found;
}

TotalRowsFound TotalRows::decide() {
  close(everything_);
  for (auto& [period, group] : periods_) close(group);
  find_alone();
  doubt_silent();
  compare_with_all_data();
  judge_sums();
  judge_repeating();
  judge_last();
  return found();
}

}  // namespace neve::dataset
