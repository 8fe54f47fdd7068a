#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/analysis/decimal_text.hpp>

namespace neve::dataset {

/// Writes JSON text piece by piece, in the order it is told, with numbers as the exact digits they are given.
/// Containers opened as `flat` stay on one line. The caller closes what it opens. Not thread-safe.
class JsonWriter {
 public:
  enum class Layout { lines, flat };

  JsonWriter& begin_object(Layout layout = Layout::lines) { return open('{', layout); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array(Layout layout = Layout::lines) { return open('[', layout); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text) { return raw(quoted(text)); }
  JsonWriter& value(const DecimalText& number) { return raw(number.text()); }
  JsonWriter& value(std::uint64_t number) { return raw(std::to_string(number)); }
  /// Digits as they are.
  JsonWriter& digits(std::string_view number) { return raw(number); }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& text_or_null(std::string_view text) { return text.empty() ? null() : value(text); }

  /// Everything, ending in a line feed.
  [[nodiscard]] std::string finish() &&;

 private:
  struct Level {
    Layout layout;
    bool empty = true;
  };

  [[nodiscard]] static std::string quoted(std::string_view text);
  JsonWriter& open(char bracket, Layout layout);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view text);
  void separate();
  void break_line();

  std::string text_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace neve::dataset
