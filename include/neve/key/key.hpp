#pragma once

#include <string>
#include <string_view>

namespace neve {

/// The name an entry is stored under: 1 to 200 characters of `A-Z a-z 0-9 . _ : -`, not starting with a dot, so that it
/// is a safe file name and a safe part of a Redis key. A plain value.
class Key {
 public:
  /// Throws `invalid_argument`, naming the text and the first character that does not fit.
  explicit Key(std::string text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] static bool is_valid(std::string_view text) noexcept;

  friend auto operator<=>(const Key&, const Key&) = default;

 private:
  std::string text_;
};

}  // namespace neve
