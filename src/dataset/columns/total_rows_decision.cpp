// Which of the rows that may be totals are some, once all have been seen.
#include "dataset/columns/total_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dataset/columns/total_words.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kExamples = 20;

}  // namespace

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
  const Rigour rigour = rigour_for(row.words, row.filled);
  const Agreement unlabelled = agreement(row.numbers, data, rigour);
  if (labelled.rows < 2) return unlabelled;
  Sums all = data;
  all.rows += labelled.rows - 1;
  for (std::size_t i = 0; i < all.columns.size(); ++i) {
    const Int128 others = labelled.columns[i] - (row.numbers[i].blank ? 0 : row.numbers[i].number);
    overflow_ = overflow_ || __builtin_add_overflow(all.columns[i], others, &all.columns[i]);
  }
  return std::max(unlabelled, agreement(row.numbers, all, rigour));
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

/// Of a period without data, as spreadsheets print it: it neither proves a label to be one of totals nor the contrary.
bool TotalRows::sums_nothing(const Labelled& row) {
  return std::all_of(row.numbers.begin(), row.numbers.end(),
                     [](const CellValue& value) { return value.blank || value.number == 0; });
}

/// What unpivoting made of one row of the file is a total in all periods or in none, by half of those with an amount.
void TotalRows::judge_lines() {
  const auto agrees = [](const Labelled& row) {
    const bool open = row.repeats && !row.summand;  // of a group of one row, perhaps
    return (row.total || open) && !sums_nothing(row);
  };
  for (auto first = labelled_.begin(); first != labelled_.end();) {
    const auto last =
        std::find_if(first, labelled_.end(), [first](const Labelled& row) { return row.line != first->line; });
    const bool any = std::any_of(first, last, [](const Labelled& row) { return row.total; });
    const bool proven =
        any && first->says_so() &&
        std::count_if(first, last, agrees) * 2 >= last - first - std::count_if(first, last, sums_nothing);
    const auto best = std::max_element(
        first, last, [](const Labelled& one, const Labelled& other) { return one.agreement < other.agreement; });
    for (const Agreement agreement = best->agreement; first != last; ++first) {
      if (!proven || first->total) continue;
      first->total = true;
      first->agreement = agreement;
    }
  }
}

/// Rows whose sums may be chance, or did not fit, are no totals.
void TotalRows::judge_sums() {
  std::map<std::string, std::int64_t> proven;  // of each label: how many more rows are sums than are none
  for (const Labelled& row : labelled_) {
    const bool open = row.repeats && !row.total && !row.summand;  // of a group of one row, perhaps
    if (!row.label.empty() && !open && !sums_nothing(row)) proven[row.label] += row.total ? 1 : -1;
  }
  const auto others = std::count_if(labelled_.begin(), labelled_.end(), [](const Labelled& row) {
    return row.says_so() && !row.total && !sums_nothing(row);
  });
  const bool nearly_all_agree = static_cast<std::size_t>(others) * 10 <= labelled_in_words_;
  for (Labelled& row : labelled_) {
    if (row.says_so() && sums_nothing(row) && proven[row.label] > 0) row.total = true;
    // A customer called Total has rows whose few numbers are sums by chance.
    if (!row.alone && (proven[row.label] < 0 || !is_telling(row, nearly_all_agree))) row.total = false;
    // Sums that did not fit prove nothing.
    if (overflow_ && row.agreement != Agreement::none) row.total = false;
  }
}

/// A group of one row has a total as well, if others prove that there are such, if the label can be nothing else, or if
/// the table has nothing but such pairs, as a short list of groups with subtotals may.
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
    if (!only_pairs && !row.among_times && !proven.contains({row.words, row.filled})) continue;
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
  judge_lines();
  judge_sums();
  judge_repeating();
  judge_last();
  return found();
}

}  // namespace neve::dataset
