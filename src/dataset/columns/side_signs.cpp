#include "dataset/columns/side_signs.hpp"

#include <algorithm>

namespace neve::dataset {

void SideSigns::begin(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines) {
  of_rows_.resize(cells.size());
  sides_.convert(cells, lines, of_rows_);
  const auto filled = std::find_if(of_rows_.begin(), of_rows_.end(), [](const CellValue& side) { return !side.blank; });
  if (first_.empty() && filled != of_rows_.end()) first_ = filled->text;
}

void SideSigns::add(std::size_t column, std::span<const CellValue> amounts) {
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const CellValue& side = of_rows_[i];
    if (side.blank || amounts[i].blank || amounts[i].number == 0) continue;
    Signs& signs = counts_[column][side.text == first_ ? 0 : 1];
    ++(amounts[i].number < 0 ? signs.below : signs.above);
  }
}

bool SideSigns::say_side() const {
  // One in ten may be taken back, as what was paid twice is.
  const auto nearly_all = [](std::uint64_t some, std::uint64_t others) { return some > 0 && others * 9 <= some; };
  return std::any_of(counts_.begin(), counts_.end(), [&](const OfSides& of) {
    const auto opposed = [&](const Signs& one, const Signs& other) {
      return nearly_all(one.below, one.above) && nearly_all(other.above, other.below);
    };
    return opposed(of[0], of[1]) || opposed(of[1], of[0]);
  });
}

}  // namespace neve::dataset
