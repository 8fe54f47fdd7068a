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
constexpr std::size_t kMostUnclosed = 1000;  // each costs a look ahead
constexpr std::size_t kPadding = 64;         // a block that begins within the text may end behind it

#ifdef __SSE2__
constexpr std::size_t kBlock = 64;
static_assert(kBlock <= kPadding);

/// A bit for each of the 64 bytes at `from` that is a delimiter or a line end.
std::uint64_t ends_in(const char* from, const Dialect& dialect) noexcept {
  const __m128i delimiter = _mm_set1_epi8(dialect.delimiter);
  const __m128i line_end = _mm_set1_epi8(dialect.line_end);
  std::uint64_t ends = 0;
  for (unsigned i = 0; i < kBlock; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    const int hits = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter), _mm_cmpeq_epi8(bytes, line_end)));
    ends |= static_cast<std::uint64_t>(static_cast<unsigned>(hits)) << i;
  }
  return ends;
}
#endif

}  // namespace

RecordReader::RecordReader(TextInput& input, Dialect dialect, std::size_t longest_record)
    : input_(input), dialect_(dialect), longest_record_(longest_record), buffer_(kFirstBuffer + kPadding) {}

bool RecordReader::refill() {
  if (ended_) return false;
  block_known_ = false;
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
inline std::size_t RecordReader::find_end(std::size_t from) noexcept {
#ifdef __SSE2__
  if (!block_known_ || from < block_ || from - block_ >= kBlock) {
    block_ = from;
    ends_ = ends_in(buffer_.data() + from, dialect_);
    block_known_ = true;
  }
  std::uint64_t left = ends_ >> (from - block_);
  while (left == 0) {
    from = block_ += kBlock;
    if (from >= size_) {
      block_known_ = false;
      return size_;
    }
    left = ends_ = ends_in(buffer_.data() + from, dialect_);
  }
  return std::min(size_, from + static_cast<std::size_t>(std::countr_zero(left)));
#else
  while (from < size_ && buffer_[from] != dialect_.delimiter && buffer_[from] != dialect_.line_end) ++from;
  return from;
#endif
}

/// Reads a quoted field that opens at `position`, and leaves `position` at what ends it. False: it needs more bytes.
bool RecordReader::scan_quoted(std::size_t& position, bool& closed) {
  const std::size_t start = position + 1;
  const std::size_t loose_start = loose_.size();
  std::size_t copied = start;  // the text before it is in `loose_`
  std::size_t i = start;
  std::uint64_t lines = 0;
  const auto leave_out = [&](std::size_t at, std::size_t resume) {
    loose_.append(buffer_.data() + copied, at - copied);
    copied = resume;
  };
  while (true) {
    while (i < size_ && buffer_[i] != dialect_.quote && !(dialect_.backslash_escapes && buffer_[i] == '\\')) {
      lines += buffer_[i] == dialect_.line_end ? 1 : 0;
      ++i;
    }
    if (i - start > kLongestField) break;
    if (i + 1 >= size_ && !ended_) return false;  // what follows decides
    if (i >= size_) break;
    if (buffer_[i] == '\\' && dialect_.backslash_escapes) {
      if (i + 1 >= size_) break;
      leave_out(i, i + 1);
      lines += buffer_[i + 1] == dialect_.line_end ? 1 : 0;
      i += 2;
      continue;
    }
    if (i + 1 < size_ && buffer_[i + 1] == dialect_.quote) {
      leave_out(i, i + 1);
      i += 2;
      continue;
    }
    std::size_t after = i + 1;
    while (after < size_ && (buffer_[after] == ' ' || buffer_[after] == '\r') && buffer_[after] != dialect_.line_end &&
           buffer_[after] != dialect_.delimiter) {
      ++after;
    }
    if (after >= size_ && !ended_) return false;
    if (after >= size_ || buffer_[after] == dialect_.delimiter || buffer_[after] == dialect_.line_end) {
      if (loose_.size() == loose_start && copied == start) {
        fields_.emplace_back(buffer_.data() + start, i - start);
      } else {
        leave_out(i, i);
        in_loose_.push_back({fields_.size(), loose_start, loose_.size() - loose_start});
        fields_.emplace_back();
      }
      record_lines_ += lines;
      position = after;
      closed = true;
      return true;
    }
    ++i;  // stands for itself
  }
  closed = false;
  return true;
}

/// Finds the fields of the record at `at_`.
RecordReader::Outcome RecordReader::scan(bool quotes) {
  fields_.clear();
  loose_.clear();
  in_loose_.clear();
  record_lines_ = 1;
  std::size_t position = at_;
  while (true) {
    std::size_t open = position;
    while (quotes && open < size_ && buffer_[open] == ' ' && dialect_.delimiter != ' ') ++open;
    if (quotes && open < size_ && buffer_[open] == dialect_.quote && dialect_.quote != '\0') {
      bool closed = false;
      if (!scan_quoted(open, closed)) return Outcome::more;
      if (!closed) return Outcome::unclosed;
      position = open;
    } else {
      const std::size_t end = find_end(position);
      if (end == size_ && !ended_) return Outcome::more;
      std::size_t text_end = end;
      const bool last = end == size_ || buffer_[end] == dialect_.line_end;
      if (last && text_end > position && buffer_[text_end - 1] == '\r') --text_end;
      fields_.emplace_back(buffer_.data() + position, text_end - position);
      position = end;
    }
    if (position >= size_) break;
    const bool line_ends = buffer_[position] == dialect_.line_end;
    ++position;
    if (line_ends) break;
  }
  for (const Loose& field : in_loose_) {
    fields_[field.field] = std::string_view(loose_).substr(field.from, field.size);
  }
  record_end_ = position;
  return Outcome::record;
}

bool RecordReader::next(Record& record) {
  bool quotes = true;
  while (true) {
    if (at_ >= size_ && !refill()) return false;
    const Outcome outcome = scan(quotes);
    if (outcome == Outcome::more) {
      refill();
      continue;
    }
    if (outcome == Outcome::unclosed) {
      if (++unclosed_ > kMostUnclosed) {
        throw Error(ErrorCode::invalid_argument,
                    "line " + std::to_string(line_) + ": one more quote that is never closed, after " +
                        std::to_string(kMostUnclosed) +
                        " others; if quotes mean nothing in this file, say so: --quote none");
      }
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
    at_ = record_end_;
    record.fields = fields_;
    record.line = line;
    record.number = number_;
    record.unclosed_quote = !quotes;
    return true;
  }
}

}  // namespace neve::dataset
