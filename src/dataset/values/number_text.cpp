#include "dataset/values/number_text.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr int kScale = 6;
constexpr std::size_t kMostIntegerDigits = 31;
constexpr std::size_t kMostPlainDigits = 18;
constexpr int kLargestExponent = 40;

// Longer ones first where one begins another.
constexpr std::array<std::string_view, 42> kCurrencies{
    "$",   "€",   "£",   "¥",   "₹",   "₽", "₩",   "₺",   "₪",   "₫",   "฿",   "USD", "EUR", "GBP",
    "JPY", "CHF", "CAD", "AUD", "INR", "CNY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BRL",
    "MXN", "ZAR", "NZD", "SGD", "HKD", "KRW", "TRY", "ILS", "Kč",  "zł",  "Ft",  "lei", "kr.", "kr"};
constexpr std::array<std::string_view, 7> kCompoundCurrencies{"US$", "A$", "C$", "R$", "NZ$", "HK$", "S$"};
constexpr std::array<std::string_view, 5> kGroupMarks{"'", "’", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};
constexpr std::string_view kMinus = "\xE2\x88\x92";  // U+2212

void skip_blanks(std::string_view& text) {
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
    } else if (text.starts_with("\xC2\xA0")) {
      text.remove_prefix(2);
    } else if (text.starts_with("\xE2\x80\xAF") || text.starts_with("\xE2\x80\x89")) {
      text.remove_prefix(3);
    } else {
      return;
    }
  }
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool may_begin_currency(char c) noexcept {
  static constexpr auto kFirstBytes = [] {
    std::array<bool, 256> first{};
    for (const std::string_view currency : kCurrencies) first[static_cast<unsigned char>(currency.front())] = true;
    for (const std::string_view currency : kCompoundCurrencies)
      first[static_cast<unsigned char>(currency.front())] = true;
    return first;
  }();
  return kFirstBytes[static_cast<unsigned char>(c)];
}

bool take_currency(std::string_view& text, ParsedNumber& number) {
  if (text.empty() || !may_begin_currency(text.front()) || (number.traits & kHasCurrency) != 0) return false;
  const auto take_one = [&](std::string_view currency) {
    if (!text.starts_with(currency)) return false;
    number.currency = text.substr(0, currency.size());
    number.traits |= kHasCurrency;
    text.remove_prefix(currency.size());
    return true;
  };
  return std::any_of(kCompoundCurrencies.begin(), kCompoundCurrencies.end(), take_one) ||
         std::any_of(kCurrencies.begin(), kCurrencies.end(), take_one);
}

/// The digits between sign and suffix: all of them, and where the decimal mark stood.
struct Digits {
  Int128 value = 0;
  std::size_t integer = 0;   ///< digits before the mark
  std::size_t decimals = 0;  ///< digits behind it that `value` has
  bool dropped = false;      ///< more decimals followed, not all of them zero
};

/// Decimals that are kept before rounding to six, as long as 128 bits hold all digits: enough for exponents and
/// percentages of ordinary numbers.
constexpr std::size_t kMostDecimals = 6 + 8;
constexpr std::size_t kMostDigits = 37;

std::string_view group_mark(std::string_view text, char mark) {
  if (text.empty()) return {};
  const char other = mark == '.' ? ',' : '.';
  if (text.front() == other || text.front() == ' ') return text.substr(0, 1);
  for (const std::string_view known : kGroupMarks) {
    if (text.starts_with(known)) return text.substr(0, known.size());
  }
  return {};
}

bool take_integer(std::string_view& text, char mark, Digits& digits, ParsedNumber& number) {
  std::string_view separator;
  std::size_t in_group = 0;
  std::size_t first_group = 0;
  std::size_t groups = 0;
  std::size_t middle = 0;  // length of the groups between the first and the last
  while (!text.empty()) {
    if (is_digit(text.front())) {
      if (digits.integer == 1 && digits.value == 0) number.traits |= kLeadingZero;
      if (++digits.integer > kMostIntegerDigits) return false;
      digits.value = digits.value * 10 + (text.front() - '0');
      ++in_group;
      text.remove_prefix(1);
      continue;
    }
    const std::string_view here = group_mark(text, mark);
    if (here.empty() || in_group == 0 || (groups == 0 && digits.value == 0)) break;  // 0,123 has no thousands
    const std::string_view next = text.substr(here.size());
    if (next.size() < 3 || !is_digit(next[0]) || !is_digit(next[1])) break;
    if (!separator.empty() && here != separator) return false;
    if (groups == 0) {
      first_group = in_group;
    } else if (groups == 1) {
      middle = in_group;
    } else if (in_group != middle) {
      return false;
    }
    separator = here;
    ++groups;
    in_group = 0;
    text = next;
  }
  if (groups > 0) {
    const bool sizes = first_group <= 3 && in_group == 3 && (groups == 1 || middle == 3 || middle == 2);
    if (!sizes || (middle == 2 && first_group > 2)) return false;
    number.traits |= kHasGroups;
  }
  return true;
}

void take_decimals(std::string_view& text, Digits& digits) {
  while (!text.empty() && is_digit(text.front())) {
    const int value = text.front() - '0';
    if (digits.decimals < kMostDecimals && digits.integer + digits.decimals < kMostDigits) {
      digits.value = digits.value * 10 + value;
      ++digits.decimals;
    } else {
      digits.dropped = digits.dropped || value != 0;
    }
    text.remove_prefix(1);
  }
}

bool take_exponent(std::string_view& text, int& exponent, ParsedNumber& number) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return true;
  std::string_view rest = text.substr(1);
  bool negative = false;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest.empty() || !is_digit(rest.front()) || (number.traits & kHasGroups) != 0)
    return true;  // then it is no suffix
  int value = 0;
  while (!rest.empty() && is_digit(rest.front())) {
    value = std::min(value * 10 + (rest.front() - '0'), kLargestExponent + 1);
    rest.remove_prefix(1);
  }
  if (value > kLargestExponent) return false;
  exponent = negative ? -value : value;
  number.traits |= kHasExponent;
  text = rest;
  return true;
}

bool take_suffix(std::string_view& text, int& exponent, ParsedNumber& number) {
  struct Suffix {
    std::string_view text;
    int power;
  };
  constexpr std::array<Suffix, 5> kSuffixes{{{"bn", 9}, {"mn", 6}, {"b", 9}, {"m", 6}, {"k", 3}}};
  if ((number.traits & (kHasExponent | kHasPercent | kHasSuffix)) != 0) return false;
  for (const Suffix& suffix : kSuffixes) {
    if (text.size() < suffix.text.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < suffix.text.size(); ++i) same = same && (text[i] | 0x20) == suffix.text[i];
    const bool ends = text.size() == suffix.text.size() ||
                      !((text[suffix.text.size()] | 0x20) >= 'a' && (text[suffix.text.size()] | 0x20) <= 'z');
    if (!same || !ends) continue;
    exponent += suffix.power;
    number.traits |= kHasSuffix;
    text.remove_prefix(suffix.text.size());
    return true;
  }
  return false;
}

/// value * 10^(exponent - decimals) in millionths. False beyond 31 integer digits.
bool scale(const Digits& digits, int exponent, ParsedNumber& number) {
  int shift = exponent - static_cast<int>(digits.decimals) + kScale;
  Int128 value = digits.value;
  constexpr Int128 kTooLarge = static_cast<Int128>(1'000'000'000'000'000'000) * 10'000'000'000'000'000'000ULL;  // 1e37
  for (; shift > 0 && value != 0; --shift) {
    if (value >= kTooLarge / 10) return false;
    value *= 10;
  }
  if (value >= kTooLarge) return false;
  bool below = digits.dropped;  // anything but zero further down
  int last = 0;
  for (; shift < 0 && (value != 0 || last != 0); ++shift) {
    below = below || last != 0;
    last = static_cast<int>(value % 10);
    value /= 10;
  }
  if (last != 0 || below) number.traits |= kRounded;
  if (last > 5 || (last == 5 && (below || value % 2 != 0))) ++value;
  number.micro = value;
  return true;
}

}  // namespace

bool is_credit_or_debit(std::string_view cell) {
  if (cell.size() < 3) return false;
  const std::string_view mark = cell.substr(cell.size() - 2);
  if ((mark[1] | 0x20) != 'r' || ((mark[0] | 0x20) != 'c' && (mark[0] | 0x20) != 'd')) return false;
  const std::string_view amount = trimmed(cell.substr(0, cell.size() - 2));
  return !amount.empty() && (parse_number(amount, '.') || parse_number(amount, ','));
}

bool is_currency(std::string_view text) noexcept {
  const auto is = [text](std::string_view currency) { return currency == text; };
  return std::any_of(kCurrencies.begin(), kCurrencies.end(), is) ||
         std::any_of(kCompoundCurrencies.begin(), kCompoundCurrencies.end(), is);
}

std::optional<ParsedNumber> parse_number(std::string_view cell, char mark) {
  ParsedNumber number;
  bool negative = false;
  bool sign = false;
  const auto take_sign = [&] {
    if (sign) return false;
    const bool minus = take(cell, "-") || take(cell, kMinus);
    const bool plus = !minus && take(cell, "+");
    if (plus) number.traits |= kPlusSign;
    negative = minus;
    sign = minus || plus;
    return sign;
  };
  // Parentheses mean minus; a currency may stand in them or outside: ($5), $(5), (5) $.
  bool open = false;
  const auto take_parenthesis = [&] {
    if (sign || !take(cell, "(")) return false;
    number.traits |= kHasParentheses;
    negative = sign = open = true;
    return true;
  };
  while (take_sign() || take_currency(cell, number) || take_parenthesis()) skip_blanks(cell);

  Digits digits;
  if (!take_integer(cell, mark, digits, number)) return std::nullopt;
  const bool marked =
      !cell.empty() && cell.front() == mark && (digits.integer > 0 || (cell.size() > 1 && is_digit(cell[1])));
  if (marked) {
    cell.remove_prefix(1);
    take_decimals(cell, digits);
    number.traits |= kHasDecimals;
  }
  if (digits.integer + digits.decimals == 0) {
    // Accounts print nothing as "$ -".
    const bool accounting_zero = negative && !open && cell.empty() && (number.traits & kHasCurrency) != 0;
    return accounting_zero ? std::optional(number) : std::nullopt;
  }
  int exponent = 0;
  if (!take_exponent(cell, exponent, number)) return std::nullopt;
  if (digits.integer > kMostPlainDigits && number.traits == 0) number.traits |= kManyDigits;

  while (!cell.empty()) {
    skip_blanks(cell);
    if ((number.traits & kHasPercent) == 0 && (number.traits & kHasSuffix) == 0 && take(cell, "%")) {
      number.traits |= kHasPercent;
      exponent -= 2;
    } else if (open && take(cell, ")")) {
      open = false;
    } else if (!sign && (cell == "-" || cell == kMinus)) {
      number.traits |= kMinusBehind;
      negative = sign = true;
      cell = {};
    } else if (!take_currency(cell, number) && !take_suffix(cell, exponent, number)) {  // the K of Kč is no thousand
      return std::nullopt;
    }
  }
  if (open || !scale(digits, exponent, number)) return std::nullopt;
  if (negative) number.micro = -number.micro;
  return number;
}

}  // namespace neve::dataset
