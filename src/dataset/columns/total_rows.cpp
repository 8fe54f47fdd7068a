// What the rows of a table are and sum up, as they come; total_rows_decision.cpp has what follows from it.
#include "dataset/columns/total_rows.hpp"

#include <algorithm>
#include <utility>

#include "dataset/columns/account_words.hpp"
#include "dataset/columns/number_steps.hpp"
#include "dataset/columns/total_words.hpp"
#include "dataset/values/cell_text.hpp"
#include "dataset/values/folded_text.hpp"

namespace neve::dataset {
namespace {

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
  const std::size_t needed = rigour == Rigour::every ? filled : (filled + 1) / 2;
  return agree >= needed ? best : Agreement::none;
}

TotalRows::Rigour TotalRows::rigour_for(TotalWords words, std::size_t filled) const noexcept {
  const bool like_data = others_.size() > 1 && filled == others_.size() && words != TotalWords::none;
  return like_data && words != TotalWords::alone ? Rigour::every : Rigour::usual;
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
  bool any = false;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i].blank) continue;
    any = true;
    overflow_ = overflow_ || __builtin_add_overflow(sums.columns[i], numbers[i].number, &sums.columns[i]);
  }
  sums.rows += any ? 1 : 0;
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
    before.agreement = agreement(before.numbers, group.ahead, rigour_for(before.words, before.filled));
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
               std::any_of(times_.begin(), times_.end(), [values](std::size_t i) { return !values[i].text.empty(); }),
               false,
               false};
  std::vector<Group*> groups{&everything_};
  if (Group* group = group_of(row.period)) groups.push_back(group);
  const auto agree = [&](const Sums& sums) { return agreement(row.numbers, sums, rigour_for(words, filled)); };
  for (Group* group : groups) {
    close(*group);
    const Sums since_repeating = difference(group->since_last, group->until_repeating);
    row.repeats = row.repeats || repeats(row, since_repeating);
    const Agreement with_repeating = agree(group->since_last);
    const Agreement without = std::max(agree(since_repeating), agree(group->data));
    if (row.says_so() && with_repeating != Agreement::none && without == Agreement::none) {
      for (const std::size_t i : group->repeating) labelled_[i].summand = true;
    }
    row.agreement =
        std::max({row.agreement, with_repeating, without, agree(group->before), agree(group->since_result)});
  }
  if (row.says_so()) row.agreement = std::max(row.agreement, agree(below_heading(label)));
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
    if (std::all_of(numbers.begin(), numbers.end(), [](const CellValue& number) { return number.blank; })) {
      note_heading(values);
    } else {
      ++data_rows_;
      const std::size_t filled = filled_others(values);
      described_rows_ += filled > 0 ? 1 : 0;
      fuller_rows_ += filled > 1 ? 1 : 0;
    }
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
    for (std::size_t i = 0; i < numbers.size(); ++i) not_zero_[i] += numbers[i].number != 0 ? 1 : 0;
  }
  ++row_;
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

/// The first text of a row.
std::string TotalRows::text_of(std::span<const CellValue> values) const {
  const auto filled =
      std::find_if(others_.begin(), others_.end(), [&](std::size_t i) { return !values[i].text.empty(); });
  return filled == others_.end() ? std::string() : excerpt(values[*filled].text);
}

}  // namespace neve::dataset
