#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/codec/json.hpp>

namespace neve::dataset {

/// The ways in which a cell becomes a value that is not simply what it says. Names reach lineage.json.
enum class Coercion : std::uint8_t {
  trimmed,     ///< blanks around it are gone
  blank_word,  ///< NA and the like are no value
  currency_removed,
  thousands_joined,
  decimal_comma,
  parentheses_to_minus,
  minus_moved,      ///< 12- is -12
  suffix_expanded,  ///< 1.5k is 1500
  exponent_expanded,
  percent_to_fraction,
  rounded,         ///< more than six decimals
  date_rewritten,  ///< another form than yyyy-mm-dd
  short_year,
  time_left_out,
  period_to_first_day,
  word_to_boolean,
  name_to_number,        ///< of a month or quarter
  fiscal_to_year,        ///< 2009/10 is 2009
  total_label_to_blank,  ///< among times
  unreadable_to_blank,   ///< the type was asked for and the cell is none
  count_,
};

[[nodiscard]] std::string_view to_string(Coercion coercion) noexcept;

/// Counts coercions of one column, and keeps the first of each kind. Used by one thread.
class CoercionCounts {
 public:
  static constexpr std::size_t kExamples = 3;

  /// `to` is called for the text of the value only when it is kept.
  template <class Text>
  void add(Coercion coercion, std::uint64_t line, std::string_view from, const Text& to) {
    Entry& entry = entries_[static_cast<std::size_t>(coercion)];
    added_ |= bit(coercion);
    if (++entry.count <= kExamples) keep(entry, line, from, to());
  }
  /// The same if it `happened`, which costs no branch that cannot be predicted.
  template <class Text>
  void add_if(bool happened, Coercion coercion, std::uint64_t line, std::string_view from, const Text& to) {
    Entry& entry = entries_[static_cast<std::size_t>(coercion)];
    added_ |= happened ? bit(coercion) : 0;
    entry.count += happened ? 1 : 0;
    if (entry.count <= kExamples && happened) keep(entry, line, from, to());
  }

  /// The bit that stands for a kind.
  [[nodiscard]] static constexpr std::uint32_t bit(Coercion coercion) noexcept {
    return 1U << static_cast<unsigned>(coercion);
  }
  /// Which have been added since this was asked last, a bit each.
  [[nodiscard]] std::uint32_t take_added() noexcept { return std::exchange(added_, 0); }
  /// Adds them all again, for an equal cell. False, with nothing added, if one of them still wants an example.
  [[nodiscard]] bool add_again(std::uint32_t added) noexcept;

  /// A list of `{coercion, count, examples: [{line, from, to}]}`, without those that did not occur.
  [[nodiscard]] Json to_json() const;
  [[nodiscard]] std::uint64_t count(Coercion coercion) const noexcept {
    return entries_[static_cast<std::size_t>(coercion)].count;
  }

 private:
  struct Example {
    std::uint64_t line;
    std::string from;
    std::string to;
  };
  struct Entry {
    std::uint64_t count = 0;
    std::vector<Example> examples;
  };

  static void keep(Entry& entry, std::uint64_t line, std::string_view from, std::string to);

  std::array<Entry, static_cast<std::size_t>(Coercion::count_)> entries_;
  std::uint32_t added_ = 0;
};

}  // namespace neve::dataset
