#include "pipeline/file/mistakes.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace neve {
namespace {

/// The number behind the last ':' of `text`, which is taken off; 0 if there is none.
std::size_t take_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return 0;
  std::size_t number = 0;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), number);
  text = text.substr(0, colon);
  return number;
}

/// Line and column of "file:12:5: what is wrong".
std::pair<std::size_t, std::size_t> position_of(std::string_view mistake) {
  std::string_view place = mistake.substr(0, mistake.find(": "));
  const std::size_t column = take_number(place);
  return {take_number(place), column};
}

}  // namespace

void Mistakes::raise() const {
  if (none()) return;
  constexpr std::size_t kMostTold = 20;
  std::vector<std::string> told = all_;
  std::stable_sort(told.begin(), told.end(), [](const std::string& one, const std::string& other) {
    return position_of(one) < position_of(other);
  });
  std::string text = told.front();
  for (std::size_t i = 1; i < std::min(count(), kMostTold); ++i) text += "\n" + told[i];
  if (count() > kMostTold) text += "\nand " + std::to_string(count() - kMostTold) + " more";
  throw Error(ErrorCode::invalid_argument, text);
}

}  // namespace neve
