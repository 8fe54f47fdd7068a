#include "dataset/columns/outline_rows.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include <neve/base/digest.hpp>

#include "dataset/columns/counterparts.hpp"
#include "dataset/columns/heading_division.hpp"
#include "dataset/columns/number_steps.hpp"
#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr Int128 kTooLarge = Int128{1'000'000'000'000'000} * 1'000'000'000'000'000;  // a few times all cells fit
constexpr std::size_t kMostOthers = 64;
constexpr std::size_t kMostShapes = 32;
constexpr std::size_t kLeastPairs = 3;
constexpr std::size_t kMostLevels = 4;
constexpr std::size_t kMostDivided = 5000;  // rows of which some are headings of others, in one column

std::uint64_t bit(std::size_t k) { return std::uint64_t{1} << k; }
std::size_t lowest(std::uint64_t bits) { return static_cast<std::size_t>(std::countr_zero(bits)); }

}  // namespace

OutlineRows::OutlineRows(std::span<const ColumnPlan> plans, std::span<const std::string> names,
                         std::optional<std::size_t> made_period)
    : label_(plans), made_period_(made_period) {
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (describes_row(plans[i]) && i != made_period) others_.push_back(i);
    if (!sums_up(plans[i])) continue;
    columns_.push_back(i);
    steps_.push_back(widest_step(plans[i].type));
  }
  looks_ = !columns_.empty() && others_.size() <= kMostOthers;
  for (std::size_t k = 0; looks_ && k < others_.size(); ++k) {
    if (plans[others_[k]].type == ColumnType::text) names_ |= bit(k);
    std::uint64_t& sides = called_sides_.emplace_back();
    std::uint64_t& ends = called_ends_.emplace_back();
    for (std::size_t other = 0; other < others_.size(); ++other) {
      const Counterparts called = counterparts(names[others_[k]], names[others_[other]]);
      if (called == Counterparts::sides) sides |= bit(other);
      if (called == Counterparts::ends) ends |= bit(other);
    }
  }
}

void OutlineRows::observe(std::span<const CellValue> values, std::uint64_t line) {
  const std::uint64_t row = row_++;
  looks_ = looks_ && numbers_.size() + texts_.size() < kMostCells;
  const auto blank = [values](std::size_t i) { return values[i].blank; };
  // Titles and remarks among the rows are of no concern.
  if (!looks_ || std::all_of(columns_.begin(), columns_.end(), blank)) return;
  Row kept{{row, line, excerpt(label_.of(values))},
           made_period_ ? static_cast<std::int64_t>(values[*made_period_].number) : 0,
           0,
           numbers_.size(),
           texts_.size()};
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const CellValue& value = values[columns_[k]];
    numbers_.push_back(value.blank ? std::nullopt : std::optional(value.number));
    narrow_step(steps_[k], value.number);
    looks_ = looks_ && magnitude(value.number) < kTooLarge;
  }
  for (std::size_t k = 0; k < others_.size(); ++k) {
    const CellValue& value = values[others_[k]];
    if (!value.blank) kept.filled |= bit(k);
    texts_.push_back(value.text.empty() ? static_cast<std::uint64_t>(value.number)
                                        : xxh64_of(as_byte_span(value.text)));
  }
  rows_.push_back(std::move(kept));
}

bool OutlineRows::alike(const Row& one, const Row& other, std::uint64_t columns) const {
  for (; columns != 0; columns &= columns - 1) {
    const std::size_t k = lowest(columns);
    if (texts_[one.texts + k] != texts_[other.texts + k]) return false;
  }
  return true;
}

void OutlineRows::add(Sums& sums, const Row& row) const {
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += numbers_[row.numbers + k].value_or(0);
}

/// Whether at least half of the row's numbers are these sums of so many rows. Zeros prove nothing.
OutlineRows::Judgement OutlineRows::judge(const Row& row, const Sums& sums, std::size_t count) const {
  if (count == 0) return Judgement::none;
  std::size_t filled = 0;
  std::size_t agree = 0;
  bool telling = false;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const auto& number = numbers_[row.numbers + k];
    if (!number || (*number == 0 && sums[k] == 0)) continue;
    ++filled;
    if (*number != sums[k]) continue;
    ++agree;
    telling = telling || magnitude(sums[k]) >= kTellingSteps * steps_[k];
  }
  if (filled == 0) return Judgement::single;  // nothing speaks against it
  if (agree * 2 < filled) return Judgement::no_sum;
  if (count == 1) return telling ? Judgement::pair : Judgement::single;
  return telling ? Judgement::sum : Judgement::single;
}

OutlineRows::Judgement OutlineRows::judge(const Group& group) const {
  Sums sums(columns_.size());
  for (const Row* const row : group.rows) add(sums, *row);
  const Judgement judgement = judge(*group.heading, sums, group.rows.size());
  // Two lines of a booking have its date in common, and each an account of its own: that of the debit, of the credit.
  return judgement == Judgement::pair && !group.plain ? Judgement::single : judgement;
}

/// What a row may sum up that repeats what the rows above it have in common, and nothing else of them.
OutlineRows::Group OutlineRows::group_above(Rows rows, std::size_t at) const {
  Group group{rows[at], {}, 0, true};
  const Row& row = *group.heading;
  for (std::size_t i = at; i > 0; --i) {
    const Row& before = *rows[i - 1];
    if (before.says_so() || before.total || before.filled == 0) continue;
    const bool fuller = (before.filled & row.filled) == row.filled && before.filled != row.filled;
    if (!fuller || !alike(before, row, row.filled)) break;
    group.rows.push_back(&before);
    group.filled |= before.filled;
  }
  return group;
}

/// What a row may sum up that has the heading of those below it, and nothing else.
OutlineRows::Group OutlineRows::group_below(Rows rows, std::size_t at) const {
  Group group{rows[at], {}, 0, true};
  const Row& row = *group.heading;
  for (std::size_t i = at + 1; i < rows.size(); ++i) {
    const Row& behind = *rows[i];
    if (behind.says_so() || behind.total || behind.filled == 0) continue;
    const std::uint64_t repeated = behind.filled & row.filled;
    if ((behind.filled & ~row.filled) == 0 || !alike(behind, row, repeated)) break;
    group.plain = group.plain && (repeated == 0 || repeated == row.filled);
    group.rows.push_back(&behind);
    group.filled |= behind.filled;
  }
  return group;
}

/// Whether a row below one of these headings is called in one column as that is in the other: an outline has such.
bool OutlineRows::stands_below_itself(std::span<const Group> groups, std::size_t heading, std::size_t detail) const {
  return std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
    const std::uint64_t name = texts_[group.heading->texts + heading];
    return std::any_of(group.rows.begin(), group.rows.end(), [&](const Row* row) {
      return (row->filled & bit(detail)) != 0 && texts_[row->texts + detail] == name;
    });
  });
}

namespace {

using Names = std::vector<std::uint64_t>;

void keep_distinct(Names& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// Whether two of these headings at least, and a third, are among the others. Both are sorted.
bool share_names(const Names& headings, const Names& others) {
  constexpr std::size_t kLeastShared = 2;
  constexpr std::size_t kLeastPart = 3;
  std::size_t shared = 0;
  auto other = others.begin();
  for (const std::uint64_t name : headings) {
    other = std::lower_bound(other, others.end(), name);
    if (other == others.end()) break;
    shared += *other == name ? 1 : 0;
  }
  return shared >= kLeastShared && shared * kLeastPart >= headings.size();
}

}  // namespace

/// A column of the headings and one of the rows below them that hold the same kind of thing, if there are such.
std::optional<std::pair<std::size_t, std::size_t>> OutlineRows::counterparts_of(std::uint64_t shape,
                                                                                std::uint64_t details,
                                                                                std::span<const Group> groups) const {
  // What rows fill that leave out the heading's column: those who repeat it say more of it, and are no other side.
  std::vector<std::uint64_t> beside(others_.size());
  for (const Group& group : groups) {
    for (const Row* const row : group.rows) {
      for (std::uint64_t out = shape & ~row->filled; out != 0; out &= out - 1) beside[lowest(out)] |= row->filled;
    }
  }
  std::vector<Names> below(others_.size());
  const auto names_below = [&](std::size_t detail) -> const Names& {
    Names& names = below[detail];
    if (!names.empty()) return names;
    for (const Group& group : groups) {
      for (const Row* const row : group.rows) {
        if ((row->filled & bit(detail)) != 0) names.push_back(texts_[row->texts + detail]);
      }
    }
    keep_distinct(names);
    return names;
  };
  for (std::uint64_t headings = shape & names_; headings != 0; headings &= headings - 1) {
    const std::size_t heading = lowest(headings);
    if (const std::uint64_t sides = called_sides_[heading] & details & names_; sides != 0)
      return std::pair(heading, lowest(sides));
    const std::uint64_t others = beside[heading] & details & names_;
    if (const std::uint64_t ends = called_ends_[heading] & others; ends != 0) return std::pair(heading, lowest(ends));
    Names names;
    for (const Group& group : groups) names.push_back(texts_[group.heading->texts + heading]);
    keep_distinct(names);
    for (std::uint64_t left = others; left != 0; left &= left - 1) {
      const std::size_t detail = lowest(left);
      if (share_names(names, names_below(detail)) && !stands_below_itself(groups, heading, detail))
        return std::pair(heading, detail);
    }
  }
  return std::nullopt;
}

/// Which columns of the headings may have a booking's number or day, that its lines have in common: no texts that are
/// the same for every other heading, and no day that all have.
std::uint64_t OutlineRows::telling_bookings_apart(std::uint64_t shape, std::span<const Group> groups) const {
  std::uint64_t telling = 0;
  for (std::uint64_t columns = shape; columns != 0; columns &= columns - 1) {
    const std::size_t k = lowest(columns);
    Names names;
    for (const Group& group : groups) names.push_back(texts_[group.heading->texts + k]);
    keep_distinct(names);
    const bool text = (names_ & bit(k)) != 0;
    if (groups.size() == 1 || (text ? names.size() * 2 > groups.size() : names.size() > 1)) telling |= bit(k);
  }
  return telling;
}

/// Columns of which each row of the groups fills one at least, as few as there need be.
std::vector<std::size_t> OutlineRows::filled_only_below(std::uint64_t details, std::span<const Group> groups) const {
  std::vector<std::size_t> columns;
  std::uint64_t chosen = 0;
  while (true) {
    std::vector<std::size_t> fill(others_.size());
    std::size_t open = 0;
    for (const Group& group : groups) {
      for (const Row* const row : group.rows) {
        if ((row->filled & chosen) != 0) continue;
        ++open;
        for (std::uint64_t filled = row->filled & details; filled != 0; filled &= filled - 1) ++fill[lowest(filled)];
      }
    }
    const auto most = std::max_element(fill.begin(), fill.end());
    if (open == 0 || *most == 0) return columns;
    const auto k = static_cast<std::size_t>(most - fill.begin());
    chosen |= bit(k);
    columns.push_back(others_[k]);
  }
}

/// What speaks against taking rows of this shape for the sums of these groups; no rows if nothing does.
OutlineRows::Undecided OutlineRows::doubts(Rows rows, std::uint64_t shape, std::span<const Group> groups) const {
  std::uint64_t details = 0;
  for (const Group& group : groups) details |= group.filled & ~shape;
  Undecided undecided{groups.size(), groups.front().heading->place.line, 0, 0, false, {}};
  if (const auto found = counterparts_of(shape, details, groups)) {
    undecided.heading = others_[found->first];
    undecided.detail = others_[found->second];
    undecided.counterparts = true;
    undecided.only_below = filled_only_below(details, groups);
    return undecided;
  }
  const std::uint64_t telling = telling_bookings_apart(shape, groups);
  std::set<std::uint64_t> shapes;
  for (const Row* const row : rows) shapes.insert(row->filled);
  for (const Group& group : groups) {
    for (const Row* const part : group.rows) {
      const std::uint64_t shared = part->filled & shape;
      if ((shared & telling) == 0 || shared == shape || shapes.contains(shared)) continue;
      undecided.heading = others_[lowest(shape & ~shared)];
      undecided.only_below = filled_only_below(details, groups);
      undecided.detail = undecided.only_below.front();
      return undecided;
    }
  }
  return {};
}

/// Takes the rows with these texts filled for sums if nearly all of them are. False if they are none.
template <class GroupOf>
bool OutlineRows::take_shape(Rows rows, std::uint64_t shape, const GroupOf& group_of, Undecided& undecided) {
  std::vector<Group> fitting;
  std::size_t sums = 0;
  std::size_t others = 0;
  std::size_t pairs = 0;
  std::size_t seen = 0;  // rows that do not say what they are
  std::size_t last = 0;  // of them
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = *rows[i];
    if (row.says_so() || row.filled == 0) continue;
    last = i;
    ++seen;
    if (row.filled != shape || row.total) continue;
    Group group = group_of(i);
    const Judgement judgement = judge(group);
    const bool fits = judgement != Judgement::none && judgement != Judgement::no_sum;
    pairs += judgement == Judgement::pair ? 1 : 0;
    sums += judgement == Judgement::sum ? 1 : 0;
    others += fits ? 0 : 1;
    if (fits) fitting.push_back(std::move(group));
  }
  const bool ends_table = fitting.size() == 1 && others == 0 && fitting.front().heading == rows[last];
  // Where every group has one row only, all rows are pairs of one and its sum.
  const bool all_pairs = pairs >= kLeastPairs && pairs == fitting.size() && others == 0 && seen == 2 * pairs;
  if ((sums == 0 && !all_pairs) || (sums == 1 && !ends_table) || others * 10 > fitting.size() + others) return false;
  if (const Undecided here = doubts(rows, shape, fitting); here.rows > 0) {
    const std::uint64_t before = undecided.rows;
    if (before == 0) undecided = here;
    undecided.rows = before + here.rows;
    for (const Group& group : fitting) group.heading->undecided = true;
    return true;
  }
  for (const Group& group : fitting) group.heading->total = true;
  return true;
}

/// The most frequent shapes first: what sums up sums is rarer than these.
void OutlineRows::find_shapes(Rows rows, Undecided& undecided) {
  std::map<std::uint64_t, std::size_t> counts;
  for (const Row* const row : rows) ++counts[row->filled];
  std::vector<std::pair<std::size_t, std::uint64_t>> shapes;
  for (const auto& [shape, count] : counts) {
    if (shape != 0) shapes.emplace_back(count, shape);
  }
  std::sort(shapes.rbegin(), shapes.rend());
  if (shapes.size() > kMostShapes) shapes.resize(kMostShapes);
  const auto above = [&](std::size_t at) { return group_above(rows, at); };
  const auto below = [&](std::size_t at) { return group_below(rows, at); };
  for (const auto& one : shapes) {
    const std::uint64_t shape = one.second;
    if (!take_shape(rows, shape, above, undecided)) take_shape(rows, shape, below, undecided);
  }
}

/// How many times as large the sums are as at least half of the numbers of `total`; 0: not a few times.
std::size_t OutlineRows::multiple_of(const Row& total, const Sums& sums) const {
  for (std::size_t levels = 1; levels <= kMostLevels; ++levels) {
    Sums parts(sums.size());
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const auto factor = static_cast<Int128>(levels);
      parts[k] = sums[k] % factor == 0 ? sums[k] / factor : sums[k];
    }
    if (judge(total, parts, 2) == Judgement::sum) return levels;
  }
  return 0;
}

bool OutlineRows::take_headings(Rows rows, std::size_t levels, std::span<const std::size_t> columns) const {
  constexpr std::size_t kLeastDetails = 3;
  std::vector<HeadingDivision::Numbers> numbers;
  std::vector<Row*> telling;
  for (Row* const row : rows) {
    HeadingDivision::Numbers one;
    for (const std::size_t k : columns) one.push_back(numbers_[row->numbers + k].value_or(0));
    if (std::all_of(one.begin(), one.end(), [](Int128 number) { return number == 0; })) continue;  // either way
    numbers.push_back(std::move(one));
    telling.push_back(row);
  }
  if (telling.size() > kMostDivided) return false;
  const auto headings = HeadingDivision(std::move(numbers)).find(levels);
  if (!headings || headings->size() < 2 || telling.size() - headings->size() < kLeastDetails) return false;
  for (const std::size_t i : *headings) telling[i]->total = true;
  return true;
}

/// Where a row that calls itself a total is a part of what the others come to.
void OutlineRows::find_headings(Rows rows, Found& found) {
  Sums sums(columns_.size());
  std::vector<Row*> others;
  for (Row* const row : rows) {
    if (row->says_so() || row->total) continue;
    others.push_back(row);
    add(sums, *row);
  }
  const Row* whole = nullptr;
  std::size_t levels = 0;
  for (const Row* const row : rows) {
    if (!row->says_so() || row->total) continue;
    const std::size_t multiple = multiple_of(*row, sums);
    if (multiple == 1) return;
    if (multiple > 1 && whole == nullptr) {
      whole = row;
      levels = multiple;
    }
  }
  if (whole == nullptr) return;
  std::vector<std::size_t> columns;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    if (numbers_[whole->numbers + k].value_or(0) * static_cast<Int128>(levels) == sums[k]) columns.push_back(k);
  }
  // What may be one side of bookings may not be told from the other by a total of either.
  const auto undecided = [](const Row* row) { return row->undecided; };
  if (std::none_of(others.begin(), others.end(), undecided) && take_headings(others, levels, columns)) return;
  found.whole = whole->place;
  found.multiple = levels;
}

OutlineRows::Found OutlineRows::decide() {
  Found found;
  if (!looks_) return found;
  std::map<std::int64_t, std::vector<Row*>> periods;
  for (Row& row : rows_) periods[row.period].push_back(&row);
  for (const auto& [period, rows] : periods) {
    find_shapes(rows, found.undecided);
    find_headings(rows, found);
  }
  for (const Row& row : rows_) {
    if (row.total) found.rows.push_back(row.place.row);
  }
  return found;
}

}  // namespace neve::dataset
