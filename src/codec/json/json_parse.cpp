#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>
#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>

#include "codec/json/json_text.hpp"

namespace neve {
namespace {

// The value of a number for which from_chars reports "out of range", too large and too small alike. The decimal
// exponent tells them apart; Python reads the one as infinity and the other as zero.
double beyond_double(std::string_view text) {
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, mark);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t leading = mantissa.find_first_not_of("0.");
  std::int64_t exponent = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(leading);
  if (mark < text.size()) {
    std::string_view written = text.substr(mark + 1);
    const bool minus = written.front() == '-';
    if (written.front() == '-' || written.front() == '+') written.remove_prefix(1);
    std::int64_t value = 0;
    // More than any mantissa has digits, and little enough to be added to their number.
    constexpr std::int64_t kLargest = std::int64_t{1} << 50;
    const bool fits = std::from_chars(written.data(), written.data() + written.size(), value).ec == std::errc();
    value = fits ? std::min(value, kLargest) : kLargest;
    exponent += minus ? -value : value;
  }
  const double magnitude = exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -magnitude : magnitude;
}

// What a value takes in memory: its slot in a list that has grown by doubling, its node in a tree, a text's own object.
constexpr std::uint64_t kValueBytes = 2 * sizeof(Json);
constexpr std::uint64_t kMemberBytes = 112;
constexpr std::uint64_t kTextBytes = 48;

class Parser {
 public:
  Parser(std::string_view text, std::uint64_t memory_bytes) : text_(text), memory_left_(memory_bytes) {}

  Json parse_document();

 private:
  Json parse_value(std::size_t depth);
  void take_memory(std::uint64_t bytes);
  Json parse_object(std::size_t depth);
  Json parse_array(std::size_t depth);
  std::string parse_text();
  void parse_escape(std::string& out);
  char32_t parse_unit();
  void copy_code_point(std::string& out);
  Json parse_number();
  Json parse_integer(std::string_view digits, std::size_t start);
  Json parse_word(std::string_view word, Json value);
  void skip_digits();
  void skip_space();
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool take(char c);

  [[noreturn]] void fail(ErrorCode code, std::size_t at, const std::string& problem) const;
  [[noreturn]] void malformed(std::size_t at, const std::string& problem) const {
    fail(ErrorCode::corrupt, at, at < text_.size() ? problem : problem + ", but the text ends");
  }

  [[noreturn]] void too_deep() const {
    fail(ErrorCode::unsupported, at_, "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
  }

  std::string_view text_;
  std::uint64_t memory_left_;
  std::size_t at_ = 0;
  bool lone_surrogates_ = false;
};

void Parser::fail(ErrorCode code, std::size_t at, const std::string& problem) const {
  const std::string_view before = text_.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  throw Error(code, "JSON, byte " + std::to_string(at) + " (line " + std::to_string(line) + ", column " +
                        std::to_string(column) + "): " + problem);
}

void Parser::take_memory(std::uint64_t bytes) {
  if (bytes > memory_left_) fail(ErrorCode::too_large, at_, "the text would take more memory than it may");
  memory_left_ -= bytes;
}

bool Parser::take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void Parser::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++at_;
  }
}

Json Parser::parse_document() {
  if (text_.starts_with(kByteOrderMark)) malformed(0, "expected a value, found a byte order mark; save as plain UTF-8");
  skip_space();
  Json value = parse_value(0);
  skip_space();
  if (at_ != text_.size()) malformed(at_, "expected the end after the value");
  return value;
}

Json Parser::parse_value(std::size_t depth) {
  take_memory(kValueBytes);
  switch (peek()) {
    case '{':
      return parse_object(depth + 1);
    case '[':
      return parse_array(depth + 1);
    case '"':
      return parse_text();
    case 't':
      return parse_word("true", true);
    case 'f':
      return parse_word("false", false);
    case 'n':
      return parse_word("null", nullptr);
    case 'N':
      return parse_word("NaN", std::numeric_limits<double>::quiet_NaN());
    case 'I':
      return parse_word("Infinity", std::numeric_limits<double>::infinity());
    case '-':
      if (text_.substr(at_, 2) == "-I") return parse_word("-Infinity", -std::numeric_limits<double>::infinity());
      return parse_number();
    default:
      if (is_digit(peek())) return parse_number();
      malformed(at_, "expected a value");
  }
}

Json Parser::parse_word(std::string_view word, Json value) {
  if (text_.substr(at_, word.size()) != word) malformed(at_, "expected " + std::string(word));
  at_ += word.size();
  return value;
}

Json Parser::parse_object(std::size_t depth) {
  if (depth > kMaxJsonDepth) too_deep();
  ++at_;
  Json object = Json::object();
  auto& members = object.get_ref<Json::object_t&>();
  skip_space();
  if (take('}')) return object;
  for (;;) {
    if (peek() != '"') malformed(at_, "expected a name in double quotes");
    take_memory(kMemberBytes);
    std::string name = parse_text();
    skip_space();
    if (!take(':')) malformed(at_, "expected ':' after a name");
    skip_space();
    // What Python wrote with sort_keys comes in order, so the end is the place more often than not.
    members.insert_or_assign(members.end(), std::move(name), parse_value(depth));
    skip_space();
    if (take('}')) return object;
    if (!take(',')) malformed(at_, "expected ',' or '}' after a member");
    skip_space();
  }
}

Json Parser::parse_array(std::size_t depth) {
  if (depth > kMaxJsonDepth) too_deep();
  ++at_;
  Json array = Json::array();
  auto& elements = array.get_ref<Json::array_t&>();
  skip_space();
  if (take(']')) return array;
  for (;;) {
    elements.push_back(parse_value(depth));
    skip_space();
    if (take(']')) return array;
    if (!take(',')) malformed(at_, "expected ',' or ']' after an element");
    skip_space();
  }
}

std::string Parser::parse_text() {
  const std::size_t start = at_++;
  const std::size_t run = plain_prefix(text_.substr(at_));
  take_memory(kTextBytes + run);
  std::string out(text_.substr(at_, run));
  at_ += run;
  lone_surrogates_ = false;
  while (!take('"')) {
    if (at_ >= text_.size())
      malformed(at_, "expected '\"' to end the text that begins at byte " + std::to_string(start));
    if (take('\\')) {
      parse_escape(out);
    } else {
      copy_code_point(out);
    }
    const std::size_t more = plain_prefix(text_.substr(at_));
    take_memory(more);
    out.append(text_.substr(at_, more));
    at_ += more;
  }
  if (lone_surrogates_) {
    // Two halves that were written apart, one escaped and one raw, must not meet in here: see decode_code_point.
    for (std::string_view rest = out; !rest.empty();) {
      const CodePoint point = decode_code_point(rest);
      if (point.length == 0) malformed(start, "the text holds the two halves of a surrogate pair separately");
      rest.remove_prefix(point.length);
    }
  }
  return out;
}

void Parser::copy_code_point(std::string& out) {
  if (static_cast<unsigned char>(text_[at_]) < 0x20) malformed(at_, "control characters in a text must be escaped");
  const CodePoint point = decode_code_point(text_.substr(at_));
  if (point.length == 0) malformed(at_, "the text is not UTF-8");
  if (is_high_surrogate(point.value) || is_low_surrogate(point.value)) lone_surrogates_ = true;
  out.append(text_.substr(at_, point.length));
  at_ += point.length;
}

void Parser::parse_escape(std::string& out) {
  static constexpr std::string_view kNames = "\"\\/bfnrt";
  static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  const std::size_t start = at_ - 1;
  if (take('u')) {
    char32_t value = parse_unit();
    if (is_high_surrogate(value) && text_.substr(at_, 2) == "\\u") {
      const std::size_t behind_first = at_;
      at_ += 2;
      if (const char32_t low = parse_unit(); is_low_surrogate(low)) {
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
      } else {
        at_ = behind_first;
      }
    }
    if (is_high_surrogate(value) || is_low_surrogate(value)) lone_surrogates_ = true;
    append_utf8(out, value);
    return;
  }
  const std::size_t which = at_ < text_.size() ? kNames.find(text_[at_]) : std::string_view::npos;
  if (which == std::string_view::npos)
    malformed(start, "expected an escape: one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
  out.push_back(kValues[which]);
  ++at_;
}

char32_t Parser::parse_unit() {
  std::uint32_t value = 0;
  const std::string_view digits = text_.substr(at_, 4);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  // from_chars would take a minus sign.
  const bool whole = digits.size() == 4 && end == digits.data() + 4;
  if (error != std::errc() || !whole || digits[0] == '-') malformed(at_, "expected four hexadecimal digits after \\u");
  at_ += 4;
  return value;
}

void Parser::skip_digits() {
  while (is_digit(peek())) ++at_;
}

Json Parser::parse_number() {
  const std::size_t start = at_;
  (void)take('-');
  if (!is_digit(peek())) malformed(at_, "expected a digit");
  if (!take('0')) skip_digits();
  bool integer = true;
  if (peek() == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
    integer = false;
    ++at_;
    skip_digits();
  }
  if (peek() == 'e' || peek() == 'E') {
    const std::size_t mark = at_++;
    if (!take('+')) (void)take('-');
    if (!is_digit(peek())) malformed(mark, "expected digits in the exponent");
    integer = false;
    skip_digits();
  }
  const std::string_view text = text_.substr(start, at_ - start);
  if (integer) return parse_integer(text, start);
  double value = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
  return error == std::errc() ? value : beyond_double(text);
}

Json Parser::parse_integer(std::string_view digits, std::size_t start) {
  const char* const end = digits.data() + digits.size();
  if (std::uint64_t value = 0; digits.front() != '-') {
    if (std::from_chars(digits.data(), end, value).ec == std::errc()) return value;
  } else if (std::int64_t negative = 0; std::from_chars(digits.data(), end, negative).ec == std::errc()) {
    return negative;
  }
  const std::string shown = digits.size() <= 40 ? std::string(digits) : std::string(digits.substr(0, 40)) + "...";
  fail(ErrorCode::unsupported, start,
       "the integer " + shown + " does not fit in 64 bits; write it as a text or a floating-point number");
}

}  // namespace

Json parse_json(std::string_view text) { return parse_json(text, UINT64_MAX); }

Json parse_json(std::string_view text, std::uint64_t memory_bytes) {
  return Parser(text, memory_bytes).parse_document();
}

}  // namespace neve
