#include "dataset/analysis/compute/entity_names.hpp"

#include <limits>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve::dataset {

EntityNames::EntityNames() : slots_(1024) {}

std::uint32_t EntityNames::number_of(std::string_view name_to_find) {
  const std::uint64_t hash = xxh64_of(as_byte_span(name_to_find));
  std::size_t slot = hash & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::uint32_t number = slots_[slot] - 1;
    if (hashes_[number] == hash && name(number) == name_to_find) return number;
  }
  if (size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorCode::too_large, "the column to group by has more than four billion different values");
  }
  const auto number = static_cast<std::uint32_t>(size());
  text_ += name_to_find;
  ends_.push_back(text_.size());
  hashes_.push_back(hash);
  slots_[slot] = number + 1;
  if (2 * size() > slots_.size()) grow();
  return number;
}

void EntityNames::grow() {
  slots_.assign(2 * slots_.size(), 0);
  for (std::uint32_t number = 0; number < size(); ++number) {
    std::size_t slot = hashes_[number] & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = number + 1;
  }
}

}  // namespace neve::dataset
