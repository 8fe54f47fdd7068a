#include "dataset/columns/text_dictionary.hpp"

#include <bit>

namespace neve::dataset {
namespace {

constexpr std::size_t kFirstSlots = 64;

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
  const ShortCell key = key_of(text);
  Slot& slot = slots_[slot_of(text, key)];
  slot.key = key;
  slot.number = static_cast<std::uint32_t>(ends_.size());
  bytes_ += text;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  bytes_ += '\0';
}

void TextDictionary::grow() {
  slots_.assign(slots_.empty() ? kFirstSlots : slots_.size() * 2, {});
  shift_ = 64 - static_cast<unsigned>(std::bit_width(slots_.size() - 1));
  for (std::uint32_t number = 0; number < ends_.size(); ++number) {
    const ShortCell key = key_of(text(number));
    Slot& slot = slots_[slot_of(text(number), key)];
    slot.key = key;
    slot.number = number;
  }
}

void TextDictionary::close() noexcept {
  open_ = false;
  slots_ = {};
  ends_ = {};
  bytes_ = {};
}

}  // namespace neve::dataset
