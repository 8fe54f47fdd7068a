#include "dataset/columns/text_dictionary.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace neve::dataset {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kSlotsAtHand = 512;  // so few, with their keys, are in the innermost cache as it is

}  // namespace

void TextDictionary::add(std::span<const std::string_view> texts) {
  // One that was not there may have been added meanwhile.
  find_each(texts, [&](std::size_t i, std::uint32_t number) {
    if (number == kNone && open_ && find(texts[i]) == kNone) insert(texts[i]);
  });
}

void TextDictionary::insert(std::string_view text) {
  const bool zero = text.find('\0') != std::string_view::npos;
  if (zero || ends_.size() == limits_.texts || bytes_.size() + text.size() > limits_.bytes) {
    close();
    return;
  }
  if ((ends_.size() + 1) * 4 > slots_.size() * 3) grow();
  const Wanted what = wanted(text);
  slots_[slot_of(text, what)] = {tag_of(what.hash), static_cast<std::uint32_t>(ends_.size())};
  keys_.push_back(what.key);
  bytes_ += text;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  bytes_ += '\0';
}

void TextDictionary::grow() {
  slots_.assign(slots_.empty() ? kFirstSlots : slots_.size() * 2, {});
  shift_ = 64 - static_cast<unsigned>(std::bit_width(slots_.size() - 1));
  for (std::uint32_t number = 0; number < keys_.size(); ++number) {
    const Wanted what{keys_[number], keys_[number].hash()};
    slots_[slot_of(text(number), what)] = {tag_of(what.hash), number};
  }
}

/// Each look is for what another one before has asked the caches for, so that no text waits for another's memory.
void TextDictionary::find_together(std::span<const std::string_view> texts, Together& together) const noexcept {
  std::fill_n(together.numbers.begin(), texts.size(), kNone);
  if (slots_.empty()) return;
  if (slots_.size() <= kSlotsAtHand) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!texts[i].empty()) together.numbers[i] = slots_[slot_of(texts[i], wanted(texts[i]))].number;
    }
    return;
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    together.wanted[i] = wanted(texts[i]);
    prefetch(&slots_[together.wanted[i].hash >> shift_]);
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    const std::uint64_t hash = together.wanted[i].hash;
    const std::size_t slot = next_slot(hash >> shift_, tag_of(hash));
    together.slots[i] = slot;
    if (slots_[slot].number != kNone) prefetch(&keys_[slots_[slot].number]);
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    together.numbers[i] = slots_[slot_of(texts[i], together.wanted[i], together.slots[i])].number;
  }
}

void TextDictionary::close() noexcept {
  open_ = false;
  slots_ = {};
  keys_ = {};
  ends_ = {};
  bytes_ = {};
}

}  // namespace neve::dataset
