#include "dataset/values/amount_unit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <neve/base/ascii.hpp>

#include "dataset/values/currency_words.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongest = 24;

constexpr auto kScales = std::to_array<std::pair<std::string_view, int>>(
    {{"units", 0}, {"ones", 0},    {"t", 3},         {"k", 3},        {"tsd", 3},     {"000", 3}, {"'000", 3},
     {"000s", 3},  {"000's", 3},   {"thousand", 3},  {"tys", 3},      {"m", 6},       {"mm", 6},  {"mn", 6},
     {"mio", 6},   {"mln", 6},     {"million", 6},   {"b", 9},        {"bn", 9},      {"mrd", 9}, {"mld", 9},
     {"md", 9},    {"billion", 9}, {"thousands", 3}, {"millions", 6}, {"billions", 9}});

std::optional<int> scale_of(std::string_view text) {
  static constexpr std::string_view kAround = " .,()";
  const auto inside = [](char c) { return kAround.find(c) == std::string_view::npos; };
  const auto* const begin = std::find_if(text.begin(), text.end(), inside);
  text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
  while (!text.empty() && !inside(text.back())) text.remove_suffix(1);
  const auto* const found = std::find_if(kScales.begin(), kScales.end(),
                                         [text](const auto& known) { return equals_ignoring_case(text, known.first); });
  return found == kScales.end() ? std::nullopt : std::optional(found->second);
}

std::string_view without_blanks_around(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<AmountUnit> amount_unit_of(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  if (is_currency(text)) return AmountUnit{0, true};
  if (text.size() < 2) return std::nullopt;
  if (const auto scale = scale_of(text)) return AmountUnit{*scale, false};
  for (std::size_t i = 1; i < text.size(); ++i) {
    const std::string_view front = text.substr(0, i);
    const std::string_view back = text.substr(i);
    if (const auto scale = scale_of(back); scale && is_currency(without_blanks_around(front)))
      return AmountUnit{*scale, true};
    if (const auto scale = scale_of(front); scale && is_currency(without_blanks_around(back)))
      return AmountUnit{*scale, true};
  }
  return std::nullopt;
}

}  // namespace neve::dataset
