#include "dataset/values/time_of_day.hpp"

#include <array>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

/// A number of one or two digits below `limit`; -1 if it is none.
int take_number(std::string_view& text, int limit) noexcept {
  if (text.empty() || !is_digit(text.front())) return -1;
  int value = text.front() - '0';
  text.remove_prefix(1);
  if (!text.empty() && is_digit(text.front())) {
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  return value < limit ? value : -1;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// What some languages put between a day and its hour.
void skip_at(std::string_view& text) noexcept {
  constexpr std::array kWords = std::to_array<std::string_view>(
      {"at ", "um ", "\u00e0 ", "\u00e0s ", "as ", "a las ", "alle ", "kl. ", "kl ", "om ", "o ", "\u0432 ", "- "});
  for (const std::string_view word : kWords) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return;
  }
}

bool take_zone(std::string_view& text) noexcept {
  if (text.empty() || take(text, 'Z')) return true;
  if (take(text, ' ') && text.starts_with("UTC")) {
    text.remove_prefix(3);
    return true;
  }
  if (!take(text, '+') && !take(text, '-')) return false;
  if (take_number(text, 15) < 0) return false;
  static_cast<void>(take(text, ':'));
  return text.empty() || take_number(text, 60) >= 0;
}

}  // namespace

TimeOfDay parse_time_of_day(std::string_view text) noexcept {
  const bool comma = take(text, ',');  // 1/31/2024, 9:30:00 AM, as browsers write it
  if (!take(text, ' ') && (comma || !take(text, 'T'))) return TimeOfDay::none;
  skip_at(text);
  int hour = take_number(text, 25);
  if (hour < 0 || !take(text, ':')) return TimeOfDay::none;
  const int minute = take_number(text, 60);
  if (minute < 0) return TimeOfDay::none;
  bool zero = minute == 0;
  if (take(text, ':')) {
    const int second = take_number(text, 61);
    if (second < 0) return TimeOfDay::none;
    zero = zero && second == 0;
    if (take(text, '.') || take(text, ',')) {
      if (text.empty() || !is_digit(text.front())) return TimeOfDay::none;
      for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) zero = zero && text.front() == '0';
    }
  }
  std::string_view half = text;
  if (!take(half, ' ') && half.starts_with("\u202F")) half.remove_prefix(3);  // a narrow no-break space
  if (half.size() >= 2 && (half[1] | 0x20) == 'm' && ((half[0] | 0x20) == 'a' || (half[0] | 0x20) == 'p')) {
    if (hour < 1 || hour > 12) return TimeOfDay::none;
    hour = hour % 12 + ((half[0] | 0x20) == 'p' ? 12 : 0);
    text = half.substr(2);
  }
  if (text == " Uhr") return zero && hour == 0 ? TimeOfDay::midnight : TimeOfDay::other;
  if (!take_zone(text) || !text.empty()) return TimeOfDay::none;
  return zero && hour == 0 ? TimeOfDay::midnight : TimeOfDay::other;
}

}  // namespace neve::dataset
