#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dataset/columns/prefetch.hpp"
#include "dataset/columns/short_cell.hpp"

namespace neve::dataset {

/// What is known of the short cells that a column had lately, so that a cell which comes again need not be read again.
/// Each cell has two places it may take, and takes another's now and then. Used by one thread.
template <class Known>
class CellMemo {
 public:
  static constexpr std::size_t kLongestCell = ShortCell::kLongest;

  /// A place that a cell may have. What is known of it should leave room for both places in one line of the cache.
  struct Place {
    [[no_unique_address]] ShortCell cell;
    [[no_unique_address]] Known known{};

    [[nodiscard]] bool used() const noexcept { return cell.size != 0; }
  };

  /// A cell on its way to its place.
  class Search {
   public:
    [[nodiscard]] bool found() const noexcept { return found_; }
    [[nodiscard]] Place& place() const noexcept { return *place_; }
    /// Gives the place to the cell, whoever had it.
    void take(const Known& known) const noexcept {
      place_->cell = cell_;
      place_->known = known;
    }

   private:
    friend class CellMemo;
    Search(ShortCell cell, Place* place, bool found) : cell_(cell), place_(place), found_(found) {}

    ShortCell cell_;
    Place* place_;
    bool found_;
  };

  /// `text` has 1 to `kLongestCell` bytes.
  [[nodiscard]] Search search(std::string_view text) {
    if (pairs_.empty()) pairs_.resize(std::size_t{1} << kPairBits);
    const ShortCell cell(text);
    std::array<Place, 2>& pair = pairs_[index_of(cell)].places;
    const bool second = pair[1].cell == cell;  // which of them has it cannot be predicted
    if (second || pair[0].cell == cell) return {cell, &pair[second ? 1 : 0], true};
    // Neither: the free one, else each in turn.
    const std::size_t victim = !pair[0].used() ? 0 : !pair[1].used() ? 1 : turn_++ & 1U;
    return {cell, &pair[victim], false};
  }

  /// Says that the cell will be searched for soon.
  void prepare(std::string_view text) const noexcept {
    if (!pairs_.empty()) prefetch(&pairs_[index_of(ShortCell(text))]);
  }

  /// Forgets everything, and gives its memory back.
  void clear() noexcept { pairs_ = {}; }

  template <class Visit>
  void for_each(const Visit& visit) {
    for (Pair& pair : pairs_) {
      for (Place& place : pair.places) {
        if (place.used()) visit(place);
      }
    }
  }

 private:
  static constexpr unsigned kPairBits = 11;
  static constexpr std::size_t kCacheLine = 64;

  struct alignas(kCacheLine) Pair {
    std::array<Place, 2> places;
  };

  [[nodiscard]] static std::size_t index_of(const ShortCell& cell) noexcept { return cell.hash() >> (64 - kPairBits); }

  std::vector<Pair> pairs_;
  unsigned turn_ = 0;
};

}  // namespace neve::dataset
