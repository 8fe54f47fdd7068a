#include "pipeline/file/mistakes.hpp"

#include <algorithm>
#include <tuple>

#include "pipeline/file/placed_error.hpp"

namespace neve {

void Mistakes::keep(const Error& error, const TextPlace& around) {
  const auto* placed = dynamic_cast<const PlacedError*>(&error);
  all_.push_back({placed != nullptr ? placed->place() : around, error.what()});
}

void Mistakes::raise() const {
  if (none()) return;
  constexpr std::size_t kMostTold = 20;
  std::vector<Mistake> told = all_;
  std::stable_sort(told.begin(), told.end(), [](const Mistake& one, const Mistake& other) {
    return std::tie(one.place.line, one.place.column) < std::tie(other.place.line, other.place.column);
  });
  std::string text = told.front().message;
  for (std::size_t i = 1; i < std::min(count(), kMostTold); ++i) text += "\n" + told[i].message;
  if (count() > kMostTold) text += "\nand " + std::to_string(count() - kMostTold) + " more";
  throw Error(ErrorCode::invalid_argument, text);
}

}  // namespace neve
