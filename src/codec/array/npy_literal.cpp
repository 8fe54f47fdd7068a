#include "codec/array/npy_literal.hpp"

#include <limits>

#include <neve/base/error.hpp>

#include "codec/array/member_name.hpp"

namespace neve {
namespace {

constexpr std::size_t kMostShapeItems = 64;
constexpr std::size_t kShownOfDtype = 60;

class LiteralParser {
 public:
  explicit LiteralParser(std::string_view text) : text_(text) {}

  NpyLiteral parse() {
    NpyLiteral literal;
    expect('{');
    while (!accept('}')) {
      parse_item(literal);
      if (accept(',')) continue;
      expect('}');
      break;
    }
    skip_space();
    if (at_ != text_.size()) fail("nothing after the dictionary");
    if (!seen_descr_ || !seen_order_ || !seen_shape_) fail("the names 'descr', 'fortran_order' and 'shape'");
    return literal;
  }

 private:
  void parse_item(NpyLiteral& literal) {
    const std::string name = parse_string();
    expect(':');
    if (name == "descr" && !seen_descr_) {
      seen_descr_ = true;
      refuse_structured();
      literal.descr = parse_string();
    } else if (name == "fortran_order" && !seen_order_) {
      seen_order_ = true;
      literal.fortran_order = parse_bool();
    } else if (name == "shape" && !seen_shape_) {
      seen_shape_ = true;
      literal.shape = parse_shape();
    } else {
      fail("'descr', 'fortran_order' and 'shape', each once");
    }
  }

  void refuse_structured() {
    skip_space();
    if (at_ == text_.size() || text_[at_] != '[') return;
    std::string shown = shown_name(text_.substr(at_, kShownOfDtype));
    if (text_.size() - at_ > kShownOfDtype) shown += "...";
    throw Error(ErrorCode::unsupported, "structured dtype " + shown + "; store its fields as arrays of their own");
  }

  std::string parse_string() {
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') fail("a quoted text");
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\') fail("a text without escapes");
      ++at_;
    }
    if (at_ == text_.size()) fail("the end of a quoted text");
    return std::string(text_.substr(start, at_++ - start));
  }

  bool parse_bool() {
    skip_space();
    if (accept_word("True")) return true;
    if (accept_word("False")) return false;
    fail("True or False");
  }

  std::vector<std::uint64_t> parse_shape() {
    std::vector<std::uint64_t> shape;
    expect('(');
    while (!accept(')')) {
      if (shape.size() == kMostShapeItems) {
        throw Error(ErrorCode::too_large, "the NPY header has more than 64 dimensions");
      }
      shape.push_back(parse_number());
      if (accept(',')) continue;
      if (shape.size() == 1) fail("',' after the only number of a shape");
      expect(')');
      break;
    }
    return shape;
  }

  std::uint64_t parse_number() {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    skip_space();
    const std::size_t start = at_;
    std::uint64_t value = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
      if (value > (kMost - digit) / 10) throw Error(ErrorCode::too_large, "the NPY header has an extent beyond 2^63");
      value = 10 * value + digit;
    }
    if (at_ == start) fail("a number");
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2 wrote long integers that way
    return value;
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  bool accept(char wanted) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) fail(std::string("'") + wanted + "'");
  }

  bool accept_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  [[noreturn]] void fail(const std::string& wanted) const {
    throw Error(ErrorCode::corrupt, "NPY header, character " + std::to_string(at_) + ": expected " + wanted);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool seen_descr_ = false;
  bool seen_order_ = false;
  bool seen_shape_ = false;
};

}  // namespace

NpyLiteral parse_npy_literal(std::string_view text) { return LiteralParser(text).parse(); }

}  // namespace neve
