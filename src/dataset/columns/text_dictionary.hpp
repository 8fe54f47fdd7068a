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
  static constexpr std::size_t kTogether = 64;

  /// A place of the hash table, which is open addressing: small, so that the table stays in the caches.
  struct Slot {
    std::uint32_t tag = 0;         ///< a part of the hash, by which nearly all texts are told apart
    std::uint32_t number = kNone;  ///< free if it is none
  };
  /// A text that is looked for.
  struct Wanted {
    ShortCell key;
    std::uint64_t hash = 0;
  };

  /// Texts that are looked for together.
  struct Together {
    std::array<Wanted, kTogether> wanted;
    std::array<std::size_t, kTogether> slots;
    std::array<std::uint32_t, kTogether> numbers;
  };

  [[nodiscard]] static Wanted wanted(std::string_view text) noexcept;
  [[nodiscard]] static std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 16U);
  }
  /// The first slot from `slot` on that has the tag, or is free. There is one.
  [[nodiscard]] std::size_t next_slot(std::size_t slot, std::uint32_t tag) const noexcept;
  /// The slot that has the text, or the free one that it would take, from one on that has its tag or is free.
  [[nodiscard]] std::size_t slot_of(std::string_view text, const Wanted& what, std::size_t slot) const noexcept;
  [[nodiscard]] std::size_t slot_of(std::string_view text, const Wanted& what) const noexcept;
  /// Fills `together.numbers` for `kTogether` texts at most; of an empty one the number is undefined.
  void find_together(std::span<const std::string_view> texts, Together& together) const noexcept;
  void insert(std::string_view text);
  void grow();

  Limits limits_;
  bool open_;
  std::vector<Slot> slots_;      ///< a power of two of them, or none
  unsigned shift_ = 64;          ///< of a hash, for the number of a slot
  std::vector<ShortCell> keys_;  ///< of the texts, those that came first together; of a longer one its hash and size
  std::vector<std::uint32_t> ends_;  ///< of the texts in `bytes_`, each behind the zero byte of the one before
  std::string bytes_;
};

inline TextDictionary::Wanted TextDictionary::wanted(std::string_view text) noexcept {
  Wanted what;
  if (text.size() <= ShortCell::kLongest) {
    what.key = ShortCell(text);
  } else {
    what.key.head = xxh64_of(as_byte_span(text));
    what.key.size = static_cast<std::uint32_t>(text.size());
  }
  what.hash = what.key.hash();
  return what;
}

inline std::size_t TextDictionary::next_slot(std::size_t slot, std::uint32_t tag) const noexcept {
  while (slots_[slot].number != kNone && slots_[slot].tag != tag) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

inline std::size_t TextDictionary::slot_of(std::string_view text, const Wanted& what, std::size_t slot) const noexcept {
  while (true) {
    const std::uint32_t number = slots_[slot].number;
    if (number == kNone) return slot;
    const bool same = keys_[number] == what.key;
    if (same && (what.key.size <= ShortCell::kLongest || this->text(number) == text)) return slot;
    slot = next_slot((slot + 1) & (slots_.size() - 1), tag_of(what.hash));
  }
}

inline std::size_t TextDictionary::slot_of(std::string_view text, const Wanted& what) const noexcept {
  return slot_of(text, what, next_slot(what.hash >> shift_, tag_of(what.hash)));
}

template <class Take>
void TextDictionary::find_each(std::span<const std::string_view> texts, const Take& take) const {
  Together together;
  for (std::size_t begin = 0; begin < texts.size(); begin += kTogether) {
    const auto part = texts.subspan(begin, std::min(kTogether, texts.size() - begin));
    find_together(part, together);
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (!part[i].empty()) take(begin + i, together.numbers[i]);
    }
  }
}

inline std::uint32_t TextDictionary::find(std::string_view text) const noexcept {
  return slots_.empty() ? kNone : slots_[slot_of(text, wanted(text))].number;
}

}  // namespace neve::dataset
