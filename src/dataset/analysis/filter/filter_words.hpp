#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace neve::dataset {

/// One word of a filter, with where it stands.
struct FilterWord {
  enum class Kind { name, quoted_name, text, number, sign, end };

  Kind kind = Kind::end;
  std::string text;          ///< without quotes; a sign is one of `( ) , = != < <= > >=`
  std::size_t position = 0;  ///< of its first byte, from 0

  /// Whether it is this keyword, in lower or upper case.
  [[nodiscard]] bool is(std::string_view keyword) const;
};

/// Cuts a filter into words. Throws `invalid_argument` with the place for what is none. Borrows the text.
class FilterWords {
 public:
  explicit FilterWords(std::string_view text) : text_(text) { advance(); }

  [[nodiscard]] const FilterWord& current() const noexcept { return current_; }
  void advance();
  /// If the current word is the sign, goes past it.
  bool skip_sign(std::string_view sign);
  bool skip_keyword(std::string_view keyword);
  /// Throws `invalid_argument`: at the current word `expected` should stand.
  [[noreturn]] void refuse(const std::string& expected) const;

 private:
  void read_quoted(char quote);
  void read_number();
  void read_name();
  void read_sign();

  std::string_view text_;
  std::size_t next_ = 0;
  FilterWord current_;
};

}  // namespace neve::dataset
