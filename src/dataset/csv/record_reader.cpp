#include "dataset/csv/record_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

constexpr std::size_t kFirstBuffer = std::size_t{1} << 20;
constexpr std::size_t kMostInVain = 1000 * RecordReader::kLongestField;
constexpr std::size_t kBlock = 64;
constexpr std::size_t kPadding = kBlock;  // a block that begins within the text may end behind it

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

#ifdef __SSE2__
/// Which bytes of the block at `block` are one of three, a bit each.
inline std::uint64_t find_in_block(const char* block, __m128i one, __m128i another, __m128i third) noexcept {
  constexpr std::size_t kVector = sizeof(__m128i);
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < kBlock; i += kVector) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    const __m128i hits = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, one), _mm_cmpeq_epi8(bytes, another)),
                                      _mm_cmpeq_epi8(bytes, third));
    found |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(hits))} << i;
  }
  return found;
}
#endif

}  // namespace

RecordReader::RecordReader(TextInput& input, Dialect dialect, std::size_t longest_record)
    : input_(input), dialect_(dialect), longest_record_(longest_record), buffer_(kFirstBuffer + kPadding) {}

bool RecordReader::refill() {
  if (ended_) return false;
  if (at_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + at_, size_ - at_);
    before_ += at_;
    size_ -= at_;
    at_ = 0;
  }
  if (size_ + kPadding >= buffer_.size()) {
    if (size_ > longest_record_) {
      throw Error(ErrorCode::too_large, "line " + std::to_string(line_) + ": a record of more than " +
                                            std::to_string(longest_record_) + " bytes; is this a table?");
    }
    buffer_.resize(buffer_.size() * 2);
  }
  const std::size_t count = input_.read({buffer_.data() + size_, buffer_.size() - kPadding - size_});
  size_ += count;
  ended_ = count == 0;
  return !ended_;
}

/// The first delimiter or line end at or after `from`, or `size_`.
inline std::size_t RecordReader::find_end(std::size_t from) const noexcept {
#ifdef __SSE2__
  const __m128i delimiter = _mm_set1_epi8(dialect_.delimiter);
  const __m128i line_end = _mm_set1_epi8(dialect_.line_end);
  for (; from < size_; from += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(buffer_.data() + from));
    const int hits = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, delimiter), _mm_cmpeq_epi8(block, line_end)));
    if (hits != 0) return std::min(size_, from + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(hits))));
  }
  return size_;
#else
  while (from < size_ && buffer_[from] != dialect_.delimiter && buffer_[from] != dialect_.line_end) ++from;
  return from;
#endif
}

/// Finds the fields of the record at `at_` if it is all there, in one line, and has quotes only around fields, as
/// nearly all of them; how many there are, or 0: `scan` has to look at it.
inline std::size_t RecordReader::scan_plain() {
#ifdef __SSE2__
  const __m128i delimiters = _mm_set1_epi8(dialect_.delimiter);
  const __m128i line_ends = _mm_set1_epi8(dialect_.line_end);
  const __m128i quotes = _mm_set1_epi8(dialect_.quote == '\0' ? dialect_.line_end : dialect_.quote);
  const char* const end = buffer_.data() + size_;
  const char* field = buffer_.data() + at_;
  const char* block = field;
  std::size_t count = 0;
  const auto take = [&](const char* from, const char* to) {
    fields_[count++] = {from, static_cast<std::size_t>(to - from)};
  };
  // A block is as long as many records are: how many fields end in a shorter one cannot be predicted.
  while (block < end) {
    if (fields_.size() < count + kBlock) fields_.resize(2 * (count + kBlock));
    const char* next_block = block + kBlock;
    for (std::uint64_t mask = find_in_block(block, delimiters, line_ends, quotes); mask != 0; mask &= mask - 1) {
      const char* hit = block + std::countr_zero(mask);
      if (hit >= end) return 0;
      if (*hit == dialect_.delimiter) {
        take(field, hit);
        field = hit + 1;
        continue;
      }
      if (*hit == dialect_.line_end) {
        take(field, hit > field && hit[-1] == '\r' ? hit - 1 : hit);
      } else {
        const char* const closing = hit == field ? closing_quote(field, end) : nullptr;
        if (closing == nullptr) return 0;
        take(field + 1, closing);
        hit = closing + 1;
        if (*hit == '\r' && dialect_.line_end != '\r') ++hit;
      }
      field = hit + 1;
      next_block = field;
      if (*hit == dialect_.delimiter) break;
      record_end_ = static_cast<std::size_t>(field - buffer_.data());
      return count;
    }
    block = next_block;
  }
#endif
  return 0;
}

/// The quote that closes the one at `opening`, if a delimiter or the end of the same line follows it and all this is
/// there, for certain; or null.
const char* RecordReader::closing_quote(const char* opening, const char* end) const noexcept {
  constexpr std::ptrdiff_t kLineEnd = 2;  // bytes
  const char* const text = opening + 1;
  const auto room = std::min(static_cast<std::size_t>(end - text), kLongestField);
  const auto* const quote = static_cast<const char*>(std::memchr(text, dialect_.quote, room));
  if (quote == nullptr || end - quote <= kLineEnd || dialect_.backslash_escapes) return nullptr;
  if (std::memchr(text, dialect_.line_end, static_cast<std::size_t>(quote - text)) != nullptr) return nullptr;
  const bool line_ends = quote[1] == dialect_.line_end || (quote[1] == '\r' && quote[2] == dialect_.line_end);
  return line_ends || quote[1] == dialect_.delimiter ? quote : nullptr;
}

/// Where the field that goes on from `from` to `end` has the quote that closes it after all; `end`: nowhere. It must be
/// the last of it, and leave those before it in pairs: `"6" pipe"`, but not `"Tall" Al "Bo"`.
std::size_t RecordReader::stray_until(std::size_t from, std::size_t end) const noexcept {
  std::size_t last = end;
  while (last > from && is_blank(buffer_[last - 1])) --last;
  if (last == from || buffer_[last - 1] != dialect_.quote) return end;
  const auto quotes = std::count(buffer_.data() + from, buffer_.data() + last, dialect_.quote);
  return quotes % 2 == 1 ? last - 1 : end;
}

/// The first quote, or backslash that escapes, at or after `from`, or `size_`; counts the lines that end before it.
std::size_t RecordReader::find_quote(std::size_t from, std::uint64_t& lines) const noexcept {
  while (from < size_ && buffer_[from] != dialect_.quote && !(dialect_.backslash_escapes && buffer_[from] == '\\')) {
    lines += buffer_[from] == dialect_.line_end ? 1 : 0;
    ++from;
  }
  return from;
}

/// Whether the quote at `at` would be part of the text if backslashes escaped, which they do not here.
bool RecordReader::looks_escaped(const QuotedField& field, std::size_t at) const noexcept {
  if (dialect_.backslash_escapes) return false;
  std::size_t before = at;
  while (before > field.start && buffer_[before - 1] == '\\') --before;
  return (at - before) % 2 == 1;
}

void RecordReader::note_odd_quote(const QuotedField& field, bool escaped) noexcept {
  ++odd_quotes_;
  if (escaped && escaped_quote_line_ == 0) escaped_quote_line_ = line_ + record_lines_ - 1 + field.lines;
}

/// The text from `at` to `resume` is no part of the field.
void RecordReader::leave_out(QuotedField& field, std::size_t at, std::size_t resume) {
  loose_.back().append(buffer_.data() + field.copied, at - field.copied);
  field.copied = resume;
}

void RecordReader::end_field(QuotedField& field, std::size_t text_end) {
  record_lines_ += field.lines;
  if (field.copied == field.start && loose_.back().size() == field.loose_start) {
    fields_.emplace_back(buffer_.data() + field.start, text_end - field.start);
    return;
  }
  leave_out(field, text_end, text_end);
  in_loose_.push_back({fields_.size(), field.loose_start, loose_.back().size() - field.loose_start});
  fields_.emplace_back();
}

bool RecordReader::ends_field(std::size_t at) const noexcept {
  return at >= size_ || buffer_[at] == dialect_.delimiter || buffer_[at] == dialect_.line_end;
}

/// Reads a quoted field that opens at `position`, and leaves `position` at what ends it.
RecordReader::Quoted RecordReader::scan_quoted(std::size_t& position) {
  QuotedField field{position + 1, position + 1, position + 1, loose_.back().size()};
  Quoted quoted = Quoted::open;
  while (quoted == Quoted::open) quoted = scan_to_quote(field);
  if (quoted == Quoted::closed) {
    position = field.at;
  } else if (quoted == Quoted::unclosed) {
    looked_at_in_vain_ += field.at - field.start;
    field.lines = 0;  // it is where it opens that the reader goes on
    note_odd_quote(field, field.escaped);
  }
  return quoted;
}

/// Goes on with the field to its next quote, or escape, and past it.
RecordReader::Quoted RecordReader::scan_to_quote(QuotedField& field) {
  field.at = find_quote(field.at, field.lines);
  const std::size_t quote = field.at;
  if (quote - field.start > kLongestField) return Quoted::unclosed;
  const bool last = quote + 1 >= size_;
  if (last && !ended_) return Quoted::more;  // what follows decides
  if (quote >= size_) return Quoted::unclosed;
  const bool backslash = buffer_[quote] == '\\' && dialect_.backslash_escapes;
  if (last && backslash) return Quoted::unclosed;
  if (last || (!backslash && buffer_[quote + 1] != dialect_.quote)) return close_quoted(field);
  // The first of the two goes, the second stands for itself.
  if (backslash) {
    field.lines += buffer_[quote + 1] == dialect_.line_end ? 1 : 0;
  } else {
    field.escaped = field.escaped || looks_escaped(field, quote);
  }
  leave_out(field, quote, quote + 1);
  field.at = quote + 2;
  return Quoted::open;
}

/// Whether the single quote at `field.at` closes the field. If it does, moves on to what ends the field.
RecordReader::Quoted RecordReader::close_quoted(QuotedField& field) {
  const std::size_t quote = field.at;
  std::size_t after = quote + 1;
  while (!ends_field(after) && is_blank(buffer_[after])) ++after;
  if (after >= size_ && !ended_) return Quoted::more;
  if (ends_field(after)) {
    end_field(field, quote);
    field.at = after;
    return Quoted::closed;
  }
  if (field.lines > 0) return Quoted::unclosed;  // it opens another field
  const std::size_t end = find_end(after);
  if (end == size_ && !ended_) return Quoted::more;
  note_odd_quote(field, looks_escaped(field, quote));
  const std::size_t closing = stray_until(quote + 1, end);
  if (closing != end) {
    field.at = closing;
    return Quoted::open;
  }
  leave_out(field, quote, quote + 1);
  const bool line_ends = end == size_ || buffer_[end] == dialect_.line_end;
  end_field(field, line_ends && buffer_[end - 1] == '\r' ? end - 1 : end);
  field.at = end;
  return Quoted::closed;
}

/// Whether the record, of several lines, might as well be as many rows: then a quote was perhaps never closed.
bool RecordReader::has_lines_like_rows() const noexcept {
  const auto* const end = buffer_.data() + record_end_;
  for (const char* line = buffer_.data() + at_; line < end;) {
    const char* const line_end = std::find(line, end, dialect_.line_end);
    const auto delimiters = static_cast<std::size_t>(std::count(line, line_end, dialect_.delimiter));
    if (delimiters + 1 != fields_.size()) return false;
    line = line_end + (line_end < end ? 1 : 0);
  }
  return fields_.size() > 1;
}

/// The quote that opens the field at `position`, if one does.
std::optional<std::size_t> RecordReader::opening_quote(std::size_t position) const noexcept {
  if (dialect_.quote == '\0') return std::nullopt;
  while (position < size_ && buffer_[position] == ' ' && dialect_.delimiter != ' ') ++position;
  return position < size_ && buffer_[position] == dialect_.quote ? std::optional(position) : std::nullopt;
}

/// Reads a field without quotes, and leaves `position` at what ends it. False if that is not there yet.
bool RecordReader::scan_bare(std::size_t& position) {
  const std::size_t end = find_end(position);
  if (end == size_ && !ended_) return false;
  std::size_t text_end = end;
  const bool last = end == size_ || buffer_[end] == dialect_.line_end;
  if (last && text_end > position && buffer_[text_end - 1] == '\r') --text_end;
  fields_.emplace_back(buffer_.data() + position, text_end - position);
  position = end;
  return true;
}

/// Finds the fields of the record at `at_`.
RecordReader::Outcome RecordReader::scan(bool quotes) {
  fields_.clear();
  if (loose_.empty() || !loose_.back().empty()) loose_.emplace_back();
  in_loose_.clear();
  record_lines_ = 1;
  std::size_t position = at_;
  for (bool line_ends = false; !line_ends;) {
    if (const auto quote = quotes ? opening_quote(position) : std::nullopt) {
      position = *quote;
      const Quoted quoted = scan_quoted(position);
      if (quoted == Quoted::more) return Outcome::more;
      if (quoted == Quoted::unclosed) return Outcome::unclosed;
    } else if (!scan_bare(position)) {
      return Outcome::more;
    }
    if (position >= size_) break;
    line_ends = buffer_[position++] == dialect_.line_end;
  }
  for (const Loose& field : in_loose_) {
    fields_[field.field] = std::string_view(loose_.back()).substr(field.from, field.size);
  }
  record_end_ = position;
  return Outcome::record;
}

void RecordReader::require_few_in_vain() const {
  if (looked_at_in_vain_ <= kMostInVain) return;
  throw Error(ErrorCode::invalid_argument,
              "line " + std::to_string(line_) + ": one more quote that is never closed, after " +
                  std::to_string(unclosed_) +
                  " others; if quotes mean nothing in this file, say so: the quote is none");
}

bool RecordReader::next(Record& record, Reach reach) {
  if (reach == Reach::text) loose_.clear();
  bool quotes = true;
  while (true) {
    if (at_ >= size_ && (reach == Reach::buffer || !refill())) return false;
    if (const std::size_t count = quotes ? scan_plain() : 0; count > 0) {
      const std::uint64_t line = line_++;
      ++number_;
      at_ = record_end_;
      if (count == 1 && fields_.front().empty()) {
        ++empty_lines_;
        continue;
      }
      record = {{fields_.data(), count}, line, number_, false, false};
      return true;
    }
    const Outcome outcome = scan(quotes);
    if (outcome == Outcome::more) {
      if (reach == Reach::buffer) return false;
      refill();
      continue;
    }
    if (outcome == Outcome::unclosed) {
      require_few_in_vain();
      ++unclosed_;
      quotes = false;
      continue;
    }
    const bool empty = fields_.size() == 1 && fields_.front().empty() && quotes && in_loose_.empty();
    const std::uint64_t line = line_;
    line_ += record_lines_;
    ++number_;
    if (empty) {
      ++empty_lines_;
      at_ = record_end_;
      continue;
    }
    record.lines_like_rows = record_lines_ > 1 && has_lines_like_rows();
    at_ = record_end_;
    record.fields = fields_;
    record.line = line;
    record.number = number_;
    record.unclosed_quote = !quotes;
    return true;
  }
}

}  // namespace neve::dataset
