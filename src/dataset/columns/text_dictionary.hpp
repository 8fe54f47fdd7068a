#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/digest.hpp>

#include "dataset/columns/prefetch.hpp"
#include "dataset/columns/short_cell.hpp"

namespace neve::dataset {

/// The different texts of a column, numbered from 0 as they come, as long as they are few. Memory is bounded by the
/// limits. Used by one thread; by several while nothing is added.
class TextDictionary {
 public:
  struct Limits {
    std::size_t texts = 0;
    std::size_t bytes = 0;  ///< of all texts together
  };

  /// Closed from the beginning if no text is allowed.
  explicit TextDictionary(Limits limits) : limits_(limits), open_(limits.texts > 0) {}

  /// Adds those texts that are not there; empty ones count for none. Where one would be too many, or holds a zero byte,
  /// the dictionary closes and forgets all of them.
  void add(std::span<const std::string_view> texts);
  /// Calls `take(i, number)` for each of the texts that is not empty, with `kNone` where it is not there. They are
  /// looked for together, so that one does not wait for another's memory.
  template <class Take>
  void find_each(std::span<const std::string_view> texts, const Take& take) const;
  /// The same for one text: its number or `kNone`.
  [[nodiscard]] std::uint32_t find(std::string_view text) const noexcept;

  static constexpr std::uint32_t kNone = UINT32_MAX;

  void close() noexcept;
  [[nodiscard]] bool open() const noexcept { return open_; }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  /// Borrowed; a zero byte stands behind it.
  [[nodiscard]] std::string_view text(std::uint32_t number) const noexcept {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1] + 1;
    return std::string_view(bytes_).substr(begin, ends_[number] - begin);
  }

 private:
  /// A place of the hash table, which is open addressing. Most texts are told apart by their key alone.
  struct Slot {
    [[no_unique_address]] ShortCell key;  ///< of a longer text its hash and size; free if its size is 0
    std::uint32_t number = 0;
  };

  [[nodiscard]] static ShortCell key_of(std::string_view text) noexcept;
  /// The slot that has the text, or the free one that it would take. There is one.
  [[nodiscard]] std::size_t slot_of(std::string_view text, const ShortCell& key) const noexcept;
  [[nodiscard]] static std::uint32_t number_in(const Slot& slot) noexcept;
  void insert(std::string_view text);
  void grow();

  Limits limits_;
  bool open_;
  std::vector<Slot> slots_;          ///< a power of two of them, or none
  unsigned shift_ = 64;              ///< of a hash, for the number of a slot
  std::vector<std::uint32_t> ends_;  ///< of the texts in `bytes_`, each behind the zero byte of the one before
  std::string bytes_;
};

inline ShortCell TextDictionary::key_of(std::string_view text) noexcept {
  if (text.size() <= ShortCell::kLongest) return ShortCell(text);
  ShortCell key;
  key.head = xxh64_of(as_byte_span(text));
  key.size = static_cast<std::uint32_t>(text.size());
  return key;
}

inline std::size_t TextDictionary::slot_of(std::string_view text, const ShortCell& key) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = key.hash() >> shift_;
  while (slots_[slot].key.size != 0) {
    const Slot& there = slots_[slot];
    if (there.key == key && (key.size <= ShortCell::kLongest || this->text(there.number) == text)) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

inline std::uint32_t TextDictionary::number_in(const Slot& slot) noexcept {
  return slot.key.size == 0 ? kNone : slot.number;
}

template <class Take>
void TextDictionary::find_each(std::span<const std::string_view> texts, const Take& take) const {
  constexpr std::size_t kTogether = 64;
  std::array<ShortCell, kTogether> keys;
  for (std::size_t begin = 0; begin < texts.size(); begin += kTogether) {
    const auto part = texts.subspan(begin, std::min(kTogether, texts.size() - begin));
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i].empty()) continue;
      keys[i] = key_of(part[i]);
      if (!slots_.empty()) prefetch(&slots_[keys[i].hash() >> shift_]);
    }
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i].empty()) continue;
      take(begin + i, slots_.empty() ? kNone : number_in(slots_[slot_of(part[i], keys[i])]));
    }
  }
}

inline std::uint32_t TextDictionary::find(std::string_view text) const noexcept {
  return slots_.empty() ? kNone : number_in(slots_[slot_of(text, key_of(text))]);
}

}  // namespace neve::dataset
