#include "dataset/values/currency_words.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace neve::dataset {
namespace {

// Those that begin with the same byte stand together, and longer ones before what they begin with.
constexpr std::array<std::string_view, 53> kCurrencies{
    "$",   "US$", "USD", "A$",  "AUD", "C$",  "CAD", "CHF", "CNY", "CZK",  "R$",  "RON", "Rs.", "Rs",
    "NZ$", "NZD", "NOK", "HK$", "HKD", "HUF", "S$",  "SEK", "SGD", "SFr.", "EUR", "GBP", "JPY", "INR",
    "ILS", "DKK", "PLN", "BRL", "MXN", "ZAR", "KRW", "Kč",  "TRY", "Ft",   "Fr.", "kr.", "kr",  "lei",
    "zł",  "€",   "₹",   "₽", "₩",   "₺",   "₪",   "₫",   "£",   "¥",    "฿"};

/// Which of them begin with a byte.
struct Range {
  std::uint8_t begin = 0;
  std::uint8_t count = 0;
};

constexpr std::array<Range, 256> kByFirstByte = [] {
  std::array<Range, 256> ranges{};
  for (std::size_t i = 0; i < kCurrencies.size(); ++i) {
    Range& range = ranges[static_cast<unsigned char>(kCurrencies[i].front())];
    if (range.count == 0) range.begin = static_cast<std::uint8_t>(i);
    ++range.count;
  }
  return ranges;
}();

constexpr bool each_range_is_contiguous() {
  for (const Range& range : kByFirstByte) {
    for (std::size_t i = range.begin; i < std::size_t{range.begin} + range.count; ++i) {
      if (kCurrencies[i].front() != kCurrencies[range.begin].front()) return false;
    }
  }
  return true;
}
static_assert(each_range_is_contiguous());

}  // namespace

std::string_view leading_currency(std::string_view text) noexcept {
  if (text.empty()) return {};
  const Range range = kByFirstByte[static_cast<unsigned char>(text.front())];
  for (const std::string_view currency : std::span(kCurrencies).subspan(range.begin, range.count)) {
    if (text.starts_with(currency)) return text.substr(0, currency.size());
  }
  return {};
}

bool is_currency(std::string_view text) noexcept { return !text.empty() && leading_currency(text) == text; }

}  // namespace neve::dataset
