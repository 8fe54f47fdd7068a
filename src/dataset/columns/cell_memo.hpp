#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace neve::dataset {

/// What is known of the short cells that a column had lately, so that a cell which comes again need not be read again.
/// Each cell has two places it may take, and takes another's now and then. Used by one thread.
template <class Known>
class CellMemo {
 public:
  static constexpr std::size_t kLongestCell = 16;

  /// A place that a cell may have.
  struct Place {
    Known known{};

    [[nodiscard]] bool used() const noexcept { return size != 0; }
    /// The cell whose place it is, written to `room`.
    [[nodiscard]] std::string_view cell(char (&room)[kLongestCell]) const noexcept {
      const std::size_t part = part_of(size);
      std::memcpy(room, &head, part);
      std::memcpy(room + size - part, &tail, part);
      return {room, size};
    }

   private:
    friend class CellMemo;
    std::uint64_t head = 0;  ///< the first bytes, as many as `part_of` says
    std::uint64_t tail = 0;  ///< the last ones, which may be the same
    std::uint32_t size = 0;  ///< 0: nobody's
  };

  /// A cell on its way to its place.
  class Search {
   public:
    [[nodiscard]] bool found() const noexcept { return is_at(*place_); }
    [[nodiscard]] Place& place() const noexcept { return *place_; }
    /// Gives the place to the cell, whoever had it.
    void take(const Known& known) const noexcept {
      place_->head = head_;
      place_->tail = tail_;
      place_->size = size_;
      place_->known = known;
    }

   private:
    friend class CellMemo;
    [[nodiscard]] bool is_at(const Place& place) const noexcept {
      return place.head == head_ && place.tail == tail_ && place.size == size_;
    }

    Place* place_;
    std::uint64_t head_;
    std::uint64_t tail_;
    std::uint32_t size_;
  };

  /// `cell` has 1 to `kLongestCell` bytes.
  [[nodiscard]] Search search(std::string_view cell) {
    if (places_.empty()) places_.resize(kPlaces);
    Search search;
    search.size_ = static_cast<std::uint32_t>(cell.size());
    const char* const end = cell.data() + cell.size();
    // A fixed size is one load; a cell is told apart by its first and last bytes and its size.
    switch (part_of(search.size_)) {
      case 8:
        load<8>(search, cell.data(), end);
        break;
      case 4:
        load<4>(search, cell.data(), end);
        break;
      case 2:
        load<2>(search, cell.data(), end);
        break;
      default:
        load<1>(search, cell.data(), end);
    }
    std::uint64_t hash = (search.head_ ^ (search.tail_ << 29U | search.tail_ >> 35U)) + search.size_;
    hash *= 0x9E3779B97F4A7C15U;  // 2^64 divided by the golden ratio
    hash ^= hash >> 32U;
    hash *= 0x9E3779B97F4A7C15U;
    Place* const pair = &places_[hash >> (64 - kPairBits) << 1U];
    search.place_ = pair;
    if (!search.is_at(*pair)) {
      search.place_ = pair + 1;
      // Neither: the free one, else each in turn.
      if (!search.is_at(pair[1])) search.place_ = pair + (pair->used() ? (pair[1].used() ? turn_++ & 1U : 1U) : 0U);
    }
    return search;
  }

  template <class Visit>
  void for_each(const Visit& visit) {
    for (Place& place : places_) {
      if (place.used()) visit(place);
    }
  }

 private:
  static constexpr unsigned kPairBits = 11;
  static constexpr std::size_t kPlaces = std::size_t{2} << kPairBits;

  [[nodiscard]] static constexpr std::size_t part_of(std::size_t size) noexcept {
    return size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;
  }

  template <std::size_t Size>
  static void load(Search& search, const char* begin, const char* end) noexcept {
    search.head_ = search.tail_ = 0;
    std::memcpy(&search.head_, begin, Size);
    std::memcpy(&search.tail_, end - Size, Size);
  }

  std::vector<Place> places_;
  unsigned turn_ = 0;
};

}  // namespace neve::dataset
