#include "dataset/analysis/filter/filter_words.hpp"

#include <algorithm>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

bool word_letter(char c) { return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string place(std::size_t position) { return " at character " + std::to_string(position + 1) + " of the filter"; }

}  // namespace

bool FilterWord::is(std::string_view keyword) const {
  return kind == Kind::name && equals_ignoring_case(text, keyword);
}

void FilterWords::advance() {
  while (next_ < text_.size() && blank(text_[next_])) ++next_;
  current_ = {FilterWord::Kind::end, {}, next_};
  if (next_ == text_.size()) return;
  const char c = text_[next_];
  const bool signed_number = (c == '-' || c == '+') && next_ + 1 < text_.size() && is_digit(text_[next_ + 1]);
  if (c == '\'' || c == '"') {
    read_quoted(c);
  } else if (is_digit(c) || signed_number) {
    read_number();
  } else if (word_letter(c)) {
    read_name();
  } else {
    read_sign();
  }
}

void FilterWords::read_quoted(char quote) {
  current_.kind = quote == '"' ? FilterWord::Kind::quoted_name : FilterWord::Kind::text;
  for (std::size_t i = next_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\0') break;
    if (text_[i] != quote) {
      current_.text += text_[i];
    } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
      current_.text += text_[i++];
    } else {
      next_ = i + 1;
      return;
    }
  }
  throw Error(ErrorCode::invalid_argument, "the quote" + place(current_.position) + " is never closed");
}

void FilterWords::read_number() {
  current_.kind = FilterWord::Kind::number;
  const bool negative = text_[next_] == '-';
  if (negative || text_[next_] == '+') ++next_;
  std::string whole;
  while (next_ < text_.size() && is_digit(text_[next_])) whole += text_[next_++];
  std::string fraction;
  if (next_ + 1 < text_.size() && text_[next_] == '.' && is_digit(text_[next_ + 1])) {
    for (++next_; next_ < text_.size() && is_digit(text_[next_]);) fraction += text_[next_++];
  }
  if (next_ < text_.size() && (word_letter(text_[next_]) || text_[next_] == '.')) refuse("a number such as 12.5");
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  while (fraction.ends_with('0')) fraction.pop_back();
  if (whole.size() > 18 || fraction.size() > 6) refuse("a number of at most 18 digits and 6 decimals");
  const bool zero = whole == "0" && fraction.empty();
  current_.text = (negative && !zero ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

void FilterWords::read_name() {
  current_.kind = FilterWord::Kind::name;
  while (next_ < text_.size() && (word_letter(text_[next_]) || is_digit(text_[next_]))) current_.text += text_[next_++];
}

void FilterWords::read_sign() {
  current_.kind = FilterWord::Kind::sign;
  for (const std::string_view sign : {"!=", "<>", "<=", ">=", "==", "=", "<", ">", "(", ")", ","}) {
    if (!text_.substr(next_).starts_with(sign)) continue;
    next_ += sign.size();
    current_.text = sign == "<>" ? "!=" : sign == "==" ? "=" : std::string(sign);
    return;
  }
  refuse("a column, a value or an operator");
}

bool FilterWords::skip_sign(std::string_view sign) {
  if (current_.kind != FilterWord::Kind::sign || current_.text != sign) return false;
  advance();
  return true;
}

bool FilterWords::skip_keyword(std::string_view keyword) {
  if (!current_.is(keyword)) return false;
  advance();
  return true;
}

void FilterWords::refuse(const std::string& expected) const {
  const std::string found = current_.position >= text_.size()
                                ? "the filter ends"
                                : "found '" + std::string(text_.substr(current_.position, 20)) + "'";
  throw Error(ErrorCode::invalid_argument, "expected " + expected + place(current_.position) + ", but " + found +
                                               "; an example: region = 'North' and year >= 2023");
}

}  // namespace neve::dataset
