#include "dataset/values/number_text.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/currency_words.hpp"

namespace neve::dataset {
namespace {

constexpr int kScale = 6;
constexpr std::size_t kMostIntegerDigits = 31;
constexpr std::size_t kMostPlainDigits = 18;
constexpr int kLargestExponent = 40;
/// Decimals that are kept before rounding to six, as long as 128 bits hold all digits: enough for exponents and
/// percentages of ordinary numbers.
constexpr std::size_t kMostDecimals = 6 + 8;
constexpr std::size_t kMostDigits = 37;

/// Besides point, comma and blank: apostrophes of all kinds, and blanks that are no-break, thin or as wide as a digit.
constexpr std::array<std::string_view, 8> kGroupMarks{"'",      "\u2019", "\u2018", "\u02BC",
                                                      "\u00A0", "\u202F", "\u2009", "\u2007"};
constexpr std::string_view kMinus = "\u2212";
/// What word processors make of a minus at the front.
constexpr std::array<std::string_view, 2> kOtherMinus{"\u2013", "\u2011"};

struct Suffix {
  std::string_view text;
  int power;
};
// In small letters; an abbreviation with its full stop stands before the one without. What means different numbers in
// different languages is missing: billion, mil.
constexpr auto kSuffixes = std::to_array<Suffix>(
    {{"bn", 9},      {"mn", 6},    {"b", 9},    {"m", 6},    {"k", 3},    {"thousand", 3}, {"tausend", 3},
     {"tsd.", 3},    {"tsd", 3},   {"tys.", 3}, {"tys", 3},  {"tis.", 3}, {"тыс.", 3},     {"тыс", 3},
     {"million", 6}, {"mio.", 6},  {"mio", 6},  {"mln.", 6}, {"mln", 6},  {"millions", 6}, {"millionen", 6},
     {"mill.", 6},   {"млн.", 6},  {"млн", 6},  {"mrd.", 9}, {"mrd", 9},  {"mld.", 9},     {"mld", 9},
     {"mia.", 9},    {"млрд.", 9}, {"млрд", 9}, {"lakh", 5}, {"crore", 7}});
/// Only where a currency follows, a single letter at once: 12 T€, but 12 T may be tons, and trillions behind a dollar.
constexpr auto kSuffixesOfCurrencies = std::to_array<Suffix>({{"t", 3}, {"mm", 6}, {"mds", 9}, {"md", 9}});
constexpr std::array<std::string_view, 3> kDashes{"-", "–", "—"};

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

bool is_small_letter(char c) noexcept { return c >= 'a' && c <= 'z'; }

/// Whether `text` begins with `word`, which has small letters only; those of ASCII may be capitals in `text`.
bool starts_with_letters(std::string_view text, std::string_view word) noexcept {
  if (text.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char small = is_small_letter(word[i]) ? static_cast<char>(text[i] | 0x20) : text[i];
    if (small != word[i]) return false;
  }
  return true;
}

/// Whether a currency follows a single letter at once, as in kEUR. BR$ is one itself, BTL are bottles, BAUD a speed.
bool has_currency_at_once(std::string_view letter, std::string_view rest) noexcept {
  const std::string_view currency = trailing_currency(rest);
  return !currency.empty() && letter != "b" && currency != "TL" && currency != "lei" && currency != "R$";
}

/// The suffix at the front of `text`: a whole word, or what a currency follows at once, as in kEUR.
const Suffix* leading_suffix(std::string_view text) noexcept {
  const auto behind = [text](const Suffix& known) { return text.substr(known.text.size()); };
  const auto fits = [&](const Suffix& known) {
    if (!starts_with_letters(text, known.text)) return false;
    const std::string_view rest = behind(known);
    if (rest.empty() || !is_small_letter(static_cast<char>(rest.front() | 0x20))) return true;
    return known.text.size() > 1 ? !trailing_currency(rest).empty() : has_currency_at_once(known.text, rest);
  };
  const auto has_currency = [&](const Suffix& known) {
    if (!starts_with_letters(text, known.text)) return false;
    std::string_view rest = behind(known);
    if (known.text.size() == 1) return has_currency_at_once(known.text, rest);
    skip_blanks(rest);
    return !trailing_currency(rest).empty();
  };
  if (const auto* const found = std::find_if(kSuffixes.begin(), kSuffixes.end(), fits); found != kSuffixes.end())
    return found;
  const auto* const of_currency =
      std::find_if(kSuffixesOfCurrencies.begin(), kSuffixesOfCurrencies.end(), has_currency);
  return of_currency == kSuffixesOfCurrencies.end() ? nullptr : of_currency;
}

std::string_view leading_group_mark(std::string_view text, char decimal_mark) noexcept {
  if (text.empty()) return {};
  const char other = decimal_mark == '.' ? ',' : '.';
  if (text.front() == other || text.front() == ' ') return text.substr(0, 1);
  for (const std::string_view known : kGroupMarks) {
    if (text.starts_with(known)) return text.substr(0, known.size());
  }
  return {};
}

/// The digits between sign and suffix: all of them, and where the decimal mark stood.
struct Digits {
  Int128 value = 0;
  std::size_t integer = 0;   ///< digits before the mark
  std::size_t decimals = 0;  ///< digits behind it that `value` has
  bool dropped = false;      ///< more decimals followed, not all of them zero
};

/// How many digits stand between the marks of thousands: 1,234,567 and, as in India, 12,34,567.
class DigitGroups {
 public:
  void add_digit() noexcept { ++open_; }
  [[nodiscard]] bool is_open() const noexcept { return open_ > 0; }
  [[nodiscard]] bool any() const noexcept { return closed_ > 0; }

  /// A mark ends the group. False if it is of another size than those before.
  bool close() noexcept {
    if (closed_ == 0) {
      first_ = open_;
    } else if (closed_ == 1) {
      middle_ = open_;
    } else if (open_ != middle_) {
      return false;
    }
    ++closed_;
    open_ = 0;
    return true;
  }

  /// `in_twos`: all but the last group may have two digits.
  [[nodiscard]] bool are_thousands(bool in_twos) const noexcept {
    if (first_ > 3 || open_ != 3) return false;
    return closed_ == 1 || middle_ == 3 || (in_twos && middle_ == 2 && first_ <= 2);
  }

 private:
  std::size_t closed_ = 0;
  std::size_t first_ = 0;
  std::size_t middle_ = 0;  ///< those between the first and the last
  std::size_t open_ = 0;
};

/// Reads one cell from front to end.
class NumberReader {
 public:
  NumberReader(std::string_view cell, char decimal_mark) : rest_(cell), mark_(decimal_mark) {}

  std::optional<ParsedNumber> read() {
    while (take_sign() || take_currency() || take_parenthesis() || take_unit_before()) skip_blanks(rest_);
    if (!take_integer()) return std::nullopt;
    take_decimals();
    if (digits_.integer + digits_.decimals == 0) return is_accounting_zero() ? std::optional(number_) : std::nullopt;
    if (!take_exponent()) return std::nullopt;
    if (digits_.integer > kMostPlainDigits && number_.traits == 0) number_.traits |= kManyDigits;
    while (!rest_.empty()) {
      const std::size_t size = rest_.size();
      skip_blanks(rest_);
      apart_ = rest_.size() < size;
      // The currency first: the K of Kč is no thousand.
      if (!take_percent() && !take_closing_parenthesis() && !take_minus_behind() && !take_currency() &&
          !take_suffix()) {
        return std::nullopt;
      }
    }
    if (open_ || !scale()) return std::nullopt;
    if (negative_) number_.micro = -number_.micro;
    return number_;
  }

 private:
  [[nodiscard]] bool has(unsigned traits) const noexcept { return (number_.traits & traits) != 0; }

  bool take_sign() {
    if (signed_) return false;
    negative_ = take(rest_, "-") || take(rest_, kMinus) || take_other_minus();
    if (!negative_ && !take(rest_, "+")) return false;
    if (!negative_) number_.traits |= kPlusSign;
    signed_ = true;
    return true;
  }

  /// Only before a digit: alone, dashes say that there is nothing.
  bool take_other_minus() {
    return std::any_of(kOtherMinus.begin(), kOtherMinus.end(), [this](std::string_view minus) {
      if (!rest_.starts_with(minus) || rest_.size() == minus.size() || !is_digit(rest_[minus.size()])) return false;
      rest_.remove_prefix(minus.size());
      return true;
    });
  }

  bool take_currency() {
    if (has(kHasCurrency)) return false;
    const bool behind = digits_.integer + digits_.decimals > 0;
    const std::string_view currency = behind ? trailing_currency(rest_) : leading_currency(rest_);
    if (currency.empty()) return false;
    number_.currency = currency;
    number_.traits |= kHasCurrency;
    rest_.remove_prefix(currency.size());
    return true;
  }

  /// Parentheses mean minus; a currency may stand in them or outside: ($5), $(5), (5) $.
  bool take_parenthesis() {
    if (signed_ || !take(rest_, "(")) return false;
    number_.traits |= kHasParentheses;
    negative_ = signed_ = open_ = true;
    return true;
  }

  /// False if what looks like marks of thousands stands elsewhere, or there are too many digits.
  bool take_integer() {
    DigitGroups groups;
    std::string_view separator;
    while (!rest_.empty()) {
      if (is_digit(rest_.front())) {
        if (digits_.integer == 1 && digits_.value == 0) number_.traits |= kLeadingZero;
        if (++digits_.integer > kMostIntegerDigits) return false;
        digits_.value = digits_.value * 10 + (rest_.front() - '0');
        groups.add_digit();
        rest_.remove_prefix(1);
        continue;
      }
      const std::string_view here = leading_group_mark(rest_, mark_);
      if (here.empty() || !groups.is_open()) break;
      if (!groups.any() && digits_.value == 0) break;  // 0,123 has no thousands
      const std::string_view next = rest_.substr(here.size());
      if (next.size() < 3 || !is_digit(next[0]) || !is_digit(next[1])) break;
      if (!separator.empty() && here != separator) return false;
      if (!groups.close()) return false;
      separator = here;
      rest_ = next;
    }
    if (!groups.any()) return true;
    number_.traits |= kHasGroups;
    return groups.are_thousands(separator != ".");  // 9.15.062 is no number in India, but a code anywhere
  }

  void take_decimals() {
    if (rest_.empty() || rest_.front() != mark_) return;
    if (digits_.integer == 0 && (rest_.size() < 2 || !is_digit(rest_[1]))) return;
    rest_.remove_prefix(1);
    number_.traits |= kHasDecimals;
    if (take_dashes()) return;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
      const int digit = rest_.front() - '0';
      if (digits_.decimals < kMostDecimals && digits_.integer + digits_.decimals < kMostDigits) {
        digits_.value = digits_.value * 10 + digit;
        ++digits_.decimals;
      } else {
        digits_.dropped = digits_.dropped || digit != 0;
      }
    }
  }

  /// Prices print no cents as "5,-" or "5.--".
  bool take_dashes() {
    const std::size_t before = rest_.size();
    for (const std::string_view dash : kDashes) {
      while (take(rest_, dash)) continue;
    }
    return rest_.size() < before;
  }

  /// Accounts print nothing as "$ -".
  [[nodiscard]] bool is_accounting_zero() const noexcept {
    return negative_ && !open_ && rest_.empty() && has(kHasCurrency);
  }

  /// False if there is one that no amount has.
  bool take_exponent() {
    if (rest_.empty() || (rest_.front() != 'e' && rest_.front() != 'E')) return true;
    std::string_view digits = rest_.substr(1);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    if (digits.empty() || !is_digit(digits.front()) || has(kHasGroups)) return true;  // then it is no suffix
    int value = 0;
    for (; !digits.empty() && is_digit(digits.front()); digits.remove_prefix(1)) {
      value = std::min(value * 10 + (digits.front() - '0'), kLargestExponent + 1);
    }
    if (value > kLargestExponent) return false;
    exponent_ = negative ? -value : value;
    number_.traits |= kHasExponent;
    rest_ = digits;
    return true;
  }

  bool take_percent() {
    if (has(kHasPercent | kHasSuffix) || !take(rest_, "%")) return false;
    number_.traits |= kHasPercent;
    exponent_ -= 2;
    return true;
  }

  bool take_closing_parenthesis() {
    if (!open_ || !take(rest_, ")")) return false;
    open_ = false;
    return true;
  }

  bool take_minus_behind() {
    if (signed_ || (rest_ != "-" && rest_ != kMinus)) return false;
    number_.traits |= kMinusBehind;
    negative_ = signed_ = true;
    rest_ = {};
    return true;
  }

  bool take_suffix() {
    if (has(kHasExponent | kHasPercent | kHasSuffix)) return false;
    const Suffix* const suffix = leading_suffix(rest_);
    if (suffix == nullptr || may_be_note()) return false;
    exponent_ += suffix->power;
    number_.traits |= kHasSuffix;
    rest_.remove_prefix(suffix->text.size());
    return true;
  }

  /// Behind a blank and without a currency, `12 m` may be metres, and `12 b` a number with a break in its series.
  [[nodiscard]] bool may_be_note() const noexcept {
    if (!apart_ || has(kHasCurrency) || (rest_.front() != 'b' && rest_.front() != 'm')) return false;
    std::string_view rest = rest_.substr(1);
    if (!rest.empty() && is_small_letter(rest.front())) return false;  // of a longer word, or of a currency
    skip_blanks(rest);
    return trailing_currency(rest).empty();
  }

  /// Before a number a suffix stands with its currency only: TEUR 12, Mio. € 12. B$ is a currency as well.
  bool take_unit_before() {
    if (has(kHasSuffix | kHasCurrency) || rest_.empty() || is_digit(rest_.front())) return false;
    const Suffix* const suffix = leading_suffix(rest_);
    if (suffix == nullptr || suffix->text == "b") return false;
    std::string_view rest = rest_.substr(suffix->text.size());
    if (suffix->text.size() > 1) skip_blanks(rest);
    if (leading_currency(rest).empty()) return false;
    exponent_ += suffix->power;
    number_.traits |= kHasSuffix;
    rest_ = rest;
    return take_currency();
  }

  /// value * 10^(exponent - decimals) in millionths. False beyond 31 integer digits.
  bool scale() {
    int shift = exponent_ - static_cast<int>(digits_.decimals) + kScale;
    Int128 value = digits_.value;
    constexpr Int128 kTooLarge =
        static_cast<Int128>(1'000'000'000'000'000'000) * 10'000'000'000'000'000'000ULL;  // 1e37
    for (; shift > 0 && value != 0; --shift) {
      if (value >= kTooLarge / 10) return false;
      value *= 10;
    }
    if (value >= kTooLarge) return false;
    bool below = digits_.dropped;  // anything but zero further down
    int last = 0;
    for (; shift < 0 && (value != 0 || last != 0); ++shift) {
      below = below || last != 0;
      last = static_cast<int>(value % 10);
      value /= 10;
    }
    if (last != 0 || below) number_.traits |= kRounded;
    if (last > 5 || (last == 5 && (below || value % 2 != 0))) ++value;
    number_.micro = value;
    return true;
  }

  std::string_view rest_;
  char mark_;
  ParsedNumber number_;
  Digits digits_;
  int exponent_ = 0;
  bool signed_ = false;
  bool negative_ = false;
  bool open_ = false;   ///< a parenthesis
  bool apart_ = false;  ///< what is left stood behind a blank
};

}  // namespace

bool is_credit_or_debit(std::string_view cell) {
  if (cell.size() < 3) return false;
  const std::string_view mark = cell.substr(cell.size() - 2);
  if ((mark[1] | 0x20) != 'r' || ((mark[0] | 0x20) != 'c' && (mark[0] | 0x20) != 'd')) return false;
  const std::string_view amount = trimmed(cell.substr(0, cell.size() - 2));
  return !amount.empty() && (parse_number(amount, '.') || parse_number(amount, ','));
}

std::optional<ParsedNumber> parse_number(std::string_view cell, char mark) { return NumberReader(cell, mark).read(); }

}  // namespace neve::dataset
