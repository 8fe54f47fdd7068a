#include "dataset/columns/unsaid_sums.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "dataset/columns/number_steps.hpp"
#include "dataset/columns/total_label.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kMostParts = 1000;  // that are tried for the sum of one row, until they are too much
constexpr std::size_t kMostOfBothSigns = 100;
constexpr std::size_t kMostColumns = 64;  // of numbers, and of texts
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLeastSums = 2;
constexpr std::size_t kLeastParts = 3;
constexpr double kTimesChance = 5;  // how many more sums there must be than chance makes

/// What is known of the numbers of a column before they are divided; zeros are none.
struct Scale {
  std::size_t numbers = 0;
  Int128 typical = 0;     ///< the size of the one in the middle
  double chance = 0;      ///< that a number is by chance what another and a sum are apart
  bool negative = false;  ///< some are
  bool fits = true;       ///< whatever they are added up to
};

/// How likely two of these sizes, ascending, are the same: by the share of those that are, or by what divides them all.
double chance_of(std::span<const Int128> sizes, Int128 typical, Int128 divisor) {
  double equal = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] != sizes[first]) first = i;
    equal += static_cast<double>(i - first);
  }
  const auto count = static_cast<double>(sizes.size());
  const double of_pairs = equal / std::max(1.0, count * (count - 1) / 2);
  return std::max(of_pairs, static_cast<double>(divisor) / (2 * static_cast<double>(typical)));
}

Scale scale_of(std::span<const Int128> values) {
  Scale scale;
  std::vector<Int128> sizes;
  Int128 all = 0;
  Int128 divisor = 0;
  for (const Int128 value : values) {
    if (value == 0) continue;
    sizes.push_back(magnitude(value));
    scale.negative = scale.negative || value < 0;
    scale.fits = scale.fits && !__builtin_add_overflow(all, sizes.back(), &all);
    for (Int128 rest = sizes.back(); rest != 0;) rest = std::exchange(divisor, rest) % rest;
  }
  scale.numbers = sizes.size();
  if (sizes.empty()) return scale;
  std::sort(sizes.begin(), sizes.end());
  scale.typical = sizes[sizes.size() / 2];
  scale.chance = chance_of(sizes, scale.typical, divisor);
  return scale;
}

/// How numbers in a row are divided into sums and what they sum up.
struct Division {
  std::vector<bool> sums;
  std::size_t count = 0;  ///< of `sums`
  std::size_t alone = 0;  ///< numbers that neither are sums nor in one
  std::size_t near = 0;   ///< trials: a sum and a number that one more part could make the same
  std::set<Int128> different;
};

/// Takes each number, from the last to the first, for the sum of those behind it if it is: of as few as need be.
class Divider {
 public:
  Divider(std::span<const Int128> values, const Scale& scale, Int128 telling)
      : values_(values), scale_(scale), telling_(telling) {}

  Division divide() {
    division_.sums.resize(values_.size());
    for (std::size_t i = values_.size(); i-- > 0;) {
      if (values_[i] == 0) continue;
      if (magnitude(values_[i]) >= telling_) take_parts(i);
      roots_.push_back(i);
    }
    // A group of one row has a sum as well, if others prove that there are such.
    for (std::size_t k = roots_.size(); division_.count > 0 && k-- > 1;) {
      if (values_[roots_[k]] != values_[roots_[k - 1]] || division_.sums[roots_[k]]) continue;
      division_.sums[roots_[k]] = true;
      ++division_.count;
      roots_.erase(roots_.begin() + static_cast<std::ptrdiff_t>(--k));
    }
    for (const std::size_t root : roots_) division_.alone += division_.sums[root] ? 0 : 1;
    return std::move(division_);
  }

 private:
  /// The nearest of `roots_` may be what the number at `i` sums up. `once`: of equal ones side by side the first sums
  /// up the other.
  void take_parts(std::size_t i) {
    const std::size_t most = scale_.negative ? kMostOfBothSigns : kMostParts;
    Int128 all = 0;
    Int128 once = 0;
    std::size_t different = 0;
    for (std::size_t k = roots_.size(); k-- > 0 && roots_.size() - k <= most;) {
      const Int128 value = values_[roots_[k]];
      const bool repeats = k + 1 < roots_.size() && values_[roots_[k + 1]] == value;
      if (k + 1 < roots_.size() && magnitude(values_[i] - all) <= 2 * scale_.typical) ++division_.near;
      all += value;
      once += repeats ? 0 : value;
      different += repeats ? 0 : 1;
      const bool plain = all == values_[i];
      if (!scale_.negative && once > values_[i]) return;
      if (roots_.size() - k < 2 || (!plain && (once != values_[i] || different < 2))) continue;
      note(i);
      for (std::size_t part = roots_.size(); !plain && part-- > k + 1;) {
        if (values_[roots_[part]] == values_[roots_[part - 1]] && !division_.sums[roots_[part]]) note(roots_[part]);
      }
      roots_.resize(k);
      return;
    }
  }

  void note(std::size_t i) {
    division_.sums[i] = true;
    division_.different.insert(values_[i]);
    ++division_.count;
  }

  std::span<const Int128> values_;
  const Scale& scale_;
  Int128 telling_;
  Division division_;
  std::vector<std::size_t> roots_;  ///< numbers that no other sums up, the nearest last
};

/// Whether so many are no chance, and no series that comes again and again, such as doses of 25, 50 and 75.
bool is_outline(const Division& division, const Scale& scale) {
  const bool many = division.count >= kLeastSums && scale.numbers >= division.count + kLeastParts &&
                    division.alone * 5 <= scale.numbers;
  const bool varied = division.different.size() >= kLeastSums && division.different.size() * 2 >= division.count;
  const double by_chance = scale.chance * static_cast<double>(division.near);
  return many && varied && static_cast<double>(division.count) >= kTimesChance * by_chance;
}

}  // namespace

UnsaidSums::UnsaidSums(std::span<const ColumnPlan> plans, std::optional<std::size_t> made_period,
                       std::span<const std::uint64_t> known)
    : made_period_(made_period), known_(known) {
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i].type == ColumnType::text && texts_.size() < kMostColumns) texts_.push_back(i);
    if (!sums_up(plans[i]) || i == made_period || numbers_.size() == kMostColumns) continue;
    numbers_.push_back(i);
    steps_.push_back(widest_step(plans[i].type));
  }
  values_.resize(numbers_.size());
  said_.resize(texts_.size());
}

void UnsaidSums::observe(std::span<const CellValue> values, std::uint64_t line) {
  const std::uint64_t row = row_++;
  if (std::binary_search(known_.begin(), known_.end(), row) || lines_.size() > kMostRows) return;
  if (made_period_) {
    const auto period = static_cast<std::int64_t>(values[*made_period_].number);
    if (!period_) period_ = period;
    if (period_ != period) return;
  }
  lines_.push_back(line);
  for (std::size_t k = 0; k < numbers_.size(); ++k) {
    const CellValue& value = values[numbers_[k]];
    values_[k].push_back(value.blank ? Int128{0} : Int128{value.number});
    if (!value.blank) narrow_step(steps_[k], value.number);
  }
  for (std::size_t k = 0; k < texts_.size(); ++k) {
    const std::string_view text = values[texts_[k]].text;
    said_[k].emplace_back(text.size() <= kLongestText ? text : std::string_view());  // which tells no row apart
  }
}

/// The column in which no other row says what these say, and they say the least different things.
void UnsaidSums::tell_apart(const std::vector<bool>& sums, Found& found) const {
  for (std::size_t k = 0; k < texts_.size(); ++k) {
    std::set<std::string> others;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (!sums[i]) others.insert(said_[k][i]);
    }
    std::vector<std::string> texts;
    std::set<std::string> seen;
    bool apart = true;
    for (std::size_t i = 0; i < sums.size() && apart; ++i) {
      if (!sums[i]) continue;
      const std::string& text = said_[k][i];
      apart = !text.empty() && others.count(text) == 0;
      if (seen.insert(text).second) texts.push_back(text);
    }
    if (!apart || (found.label && found.texts.size() <= texts.size())) continue;
    found.label = texts_[k];
    found.texts = std::move(texts);
  }
}

/// Whether a total stands in each row of a group whose parts come to it, in all of the table.
bool UnsaidSums::repeats(std::size_t total, std::size_t part) const {
  const std::vector<Int128>& totals = values_[total];
  Int128 sum = 0;
  std::size_t rows = 0;
  std::size_t groups = 0;  // of several rows
  std::set<Int128> different;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (rows > 0 && totals[i] != totals[i - 1]) return false;
    if (__builtin_add_overflow(sum, values_[part][i], &sum)) return false;
    ++rows;
    if (sum != totals[i]) continue;
    if (rows > 1 && magnitude(sum) >= kTellingSteps * steps_[total]) {
      ++groups;
      different.insert(sum);
    }
    sum = 0;
    rows = 0;
  }
  return rows == 0 && groups >= kLeastSums && different.size() >= kLeastSums;
}

UnsaidSums::Found UnsaidSums::decide() const {
  Found found;
  if (lines_.size() > kMostRows) return found;
  for (std::size_t total = 0; total < numbers_.size(); ++total) {
    for (std::size_t part = 0; part < numbers_.size(); ++part) {
      if (part == total || !repeats(total, part)) continue;
      found.repeated.emplace_back(numbers_[total], numbers_[part]);
      break;
    }
  }
  for (const bool above : {false, true}) {
    for (std::size_t k = 0; k < numbers_.size() && found.rows == 0; ++k) {
      std::vector<Int128> values = values_[k];
      const Scale scale = scale_of(values);
      if (!scale.fits) continue;
      if (above) std::reverse(values.begin(), values.end());
      // The more columns there are, the likelier is chance in one of them.
      const Int128 telling = kTellingSteps * static_cast<Int128>(numbers_.size()) * steps_[k];
      Division division = Divider(values, scale, telling).divide();
      if (!is_outline(division, scale)) continue;
      if (above) std::reverse(division.sums.begin(), division.sums.end());
      found.rows = division.count;
      found.above = above;
      const auto first = std::find(division.sums.begin(), division.sums.end(), true);
      found.line = lines_[static_cast<std::size_t>(first - division.sums.begin())];
      tell_apart(division.sums, found);
    }
  }
  return found;
}

}  // namespace neve::dataset
