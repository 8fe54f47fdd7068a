#include "dataset/values/currency_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

// Those that begin with the same byte stand together, and longer ones before what they begin with.
constexpr std::array<std::string_view, 54> kCurrencies{
    "$",   "US$", "USD", "A$",  "AUD", "C$",  "CAD", "CHF", "CNY", "CZK",  "R$",  "RON", "Rs.", "Rs",
    "NZ$", "NZD", "NOK", "HK$", "HKD", "HUF", "S$",  "SEK", "SGD", "SFr.", "EUR", "GBP", "JPY", "INR",
    "ILS", "DKK", "PLN", "BRL", "MXN", "ZAR", "KRW", "Kč",  "TRY", "Ft",   "Fr.", "kr.", "kr",  "lei",
    "zł",  "€",   "₹",   "₽", "₩",   "₺",   "₪",   "₫",   "£",   "¥",    "฿",   "￥"};

// Words that mean a currency behind a number, and much else before one: Euro 2024. Not р.: 2024 р. is a year in
// Ukrainian.
constexpr auto kBehind = std::to_array<std::string_view>(
    {"Euros", "Euro", "EURO", "euros", "euro", "TL", "руб.", "руб", "грн.", "грн", "₴", "лв.", "лв", "元", "円", "원"});

/// Other words for a currency.
constexpr auto kSynonyms = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"€", "EUR"},  {"Euros", "EUR"}, {"Euro", "EUR"}, {"EURO", "EUR"}, {"euros", "EUR"}, {"euro", "EUR"},
     {"£", "GBP"},  {"US$", "USD"},   {"A$", "AUD"},   {"C$", "CAD"},   {"NZ$", "NZD"},   {"HK$", "HKD"},
     {"S$", "SGD"}, {"R$", "BRL"},    {"SFr.", "CHF"}, {"Fr.", "CHF"},  {"zł", "PLN"},    {"Kč", "CZK"},
     {"Ft", "HUF"}, {"lei", "RON"},   {"₹", "INR"},    {"₺", "TRY"},    {"TL", "TRY"},    {"₪", "ILS"},
     {"₩", "KRW"},  {"руб.", "₽"},  {"руб", "₽"},  {"грн.", "₴"},   {"грн", "₴"},     {"лв.", "лв"},
     {"kr.", "kr"}, {"Rs.", "Rs"},    {"￥", "¥"},     {"円", "JPY"},   {"원", "KRW"}});

// Three letters each, with a space behind.
constexpr std::string_view kCodes =
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn bzd "
    "cad cdf chf clp cny cop crc cup cve czk dem djf dkk dop dzd egp ern esp etb eur fjd fkp frf gbp gel "
    "ghs gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr iqd irr isk itl jmd jod jpy kes kgs khr kmf "
    "kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd mmk mnt mop mru mur mvr mwk mxn myr mzn "
    "nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar rmb ron rsd rub rwf sar sbd scr sdg sek "
    "sgd shp sle sos srd ssp stn syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyu uzs ves vnd "
    "vuv wst xaf xcd xof xpf yer zar zmw zwl ";
static_assert(kCodes.size() % 4 == 0);

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

std::string_view trailing_currency(std::string_view text) noexcept {
  const auto begins = [text](std::string_view known) { return text.starts_with(known); };
  const auto* const word = std::find_if(kBehind.begin(), kBehind.end(), begins);
  return word == kBehind.end() ? leading_currency(text) : text.substr(0, word->size());
}

std::string_view plain_currency(std::string_view currency) noexcept {
  const auto* const known =
      std::find_if(kSynonyms.begin(), kSynonyms.end(), [&](const auto& pair) { return pair.first == currency; });
  return known == kSynonyms.end() ? currency : known->second;
}

bool is_currency(std::string_view text) noexcept { return !text.empty() && leading_currency(text) == text; }

bool names_currency(std::string_view text) noexcept {
  if (is_currency(text)) return true;
  if (text.size() != 3) return false;
  for (std::size_t i = 0; i < kCodes.size(); i += 4) {
    if (equals_ignoring_case(text, kCodes.substr(i, 3))) return true;
  }
  return false;
}

}  // namespace neve::dataset
