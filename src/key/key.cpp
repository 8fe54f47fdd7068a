#include <neve/key/key.hpp>

#include <algorithm>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::size_t kLongest = 200;

bool fits(char c) noexcept { return is_letter_or_digit(c) || c == '.' || c == '_' || c == ':' || c == '-'; }

// The text may be anything; the message stays printable.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 80;
  std::string shown = "'";
  for (const char c : text.substr(0, kShown)) shown += c >= ' ' && c <= '~' ? c : '?';
  return shown + (text.size() > kShown ? "...'" : "'");
}

std::string complaint(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.size() > kLongest)
    return "has " + std::to_string(text.size()) + " characters; the most is " + std::to_string(kLongest);
  if (text.front() == '.') return "starts with a dot";
  const auto at = std::find_if_not(text.begin(), text.end(), fits) - text.begin();
  return "has a character that does not fit at position " + std::to_string(at) + "; use A-Z a-z 0-9 . _ : -";
}

}  // namespace

bool Key::is_valid(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kLongest && text.front() != '.' && std::all_of(text.begin(), text.end(), fits);
}

Key::Key(std::string text) : text_(std::move(text)) {
  if (!is_valid(text_))
    throw Error(ErrorCode::invalid_argument, "the key " + in_quotes(text_) + ' ' + complaint(text_));
}

}  // namespace neve
