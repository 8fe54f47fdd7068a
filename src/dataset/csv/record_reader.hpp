#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/csv/dialect.hpp"

namespace neve::dataset {

/// Bytes of a text from its beginning, piece by piece. Used by one thread.
class TextInput {
 public:
  virtual ~TextInput() = default;
  /// Fills the front of `out`; 0 at the end. Throws `io` or `corrupt`.
  virtual std::size_t read(std::span<char> out) = 0;
};

/// How far a reader may go for what comes next.
enum class Reach : std::uint8_t {
  text,    ///< wherever it is: what was borrowed before is gone
  buffer,  ///< only if it is at hand: the texts that were borrowed since the last `Reach::text` stay
};

/// One record of a delimited text. Its list of fields is borrowed from the reader until it reads on, their texts as
/// `Reach` says.
struct Record {
  std::span<const std::string_view> fields;  ///< without quotes; blanks as they are
  std::uint64_t line = 0;                    ///< on which it begins, from 1
  std::uint64_t number = 0;                  ///< which one it is, from 1, empty lines included
  bool unclosed_quote = false;   ///< a quote never ended: the fields are those of the first line, quotes and all
  bool lines_like_rows = false;  ///< it has several lines, each with as many delimiters as the whole record
};

/// Splits a delimited text into records, in memory that does not grow with it. Used by one thread.
///
/// A quote opens where a field begins, and closes where a delimiter or the end of the line follows; a doubled one
/// stands for itself. Where something else follows in the line in which it opened, the field goes on to the next
/// delimiter as it is, which is how most programs read it: `"Big" Bob` is `Big Bob`; but a field that ends in a quote
/// of its own had stray ones within, and `"6" pipe"` is `6" pipe`. Where something else follows in a later line, the
/// quote there opens another field, and the one before was never closed.
///
/// A quote that is never closed, or not within `kLongestField` bytes, costs its first line only: the reader goes on
/// after it. If too much had to be looked at in vain for that, the reading ends with `invalid_argument`. Empty lines
/// are passed over.
class RecordReader {
 public:
  /// Borrows `input`. A record that is longer than `longest_record` bytes ends the reading with `too_large`.
  RecordReader(TextInput& input, Dialect dialect, std::size_t longest_record = kLongestRecord);

  static constexpr std::size_t kLongestField = std::size_t{256} << 10;
  static constexpr std::size_t kLongestRecord = std::size_t{16} << 20;

  /// False at the end, or if the record is out of reach.
  bool next(Record& record, Reach reach = Reach::text);

  /// Bytes of the text that are behind it.
  [[nodiscard]] std::uint64_t consumed() const noexcept { return before_ + at_; }
  [[nodiscard]] std::uint64_t empty_lines() const noexcept { return empty_lines_; }
  /// Quotes so far that stand where neither a delimiter nor a line end follows, or were never closed.
  [[nodiscard]] std::uint64_t odd_quotes() const noexcept { return odd_quotes_; }
  /// Line of the first of them with a backslash before it, though backslashes mean nothing in this dialect; 0: none.
  [[nodiscard]] std::uint64_t escaped_quote_line() const noexcept { return escaped_quote_line_; }

 private:
  enum class Outcome { record, more, unclosed };
  enum class Quoted { closed, more, unclosed, open };
  /// One that is being read.
  struct QuotedField {
    std::size_t start;        ///< behind its quote
    std::size_t at;           ///< what is before it has been read
    std::size_t copied;       ///< the text before it is in `loose_` ...
    std::size_t loose_start;  ///< ... from here
    std::uint64_t lines = 0;  ///< that ended in it
    bool escaped = false;     ///< some quote in it looked so, though backslashes mean nothing
  };

  bool refill();
  std::size_t scan_plain();
  [[nodiscard]] const char* closing_quote(const char* opening, const char* end) const noexcept;
  Outcome scan(bool quotes);
  [[nodiscard]] std::optional<std::size_t> opening_quote(std::size_t position) const noexcept;
  bool scan_bare(std::size_t& position);
  Quoted scan_quoted(std::size_t& position);
  Quoted scan_to_quote(QuotedField& field);
  Quoted close_quoted(QuotedField& field);
  [[nodiscard]] bool ends_field(std::size_t at) const noexcept;
  [[nodiscard]] std::size_t find_quote(std::size_t from, std::uint64_t& lines) const noexcept;
  [[nodiscard]] bool looks_escaped(const QuotedField& field, std::size_t at) const noexcept;
  void note_odd_quote(const QuotedField& field, bool escaped) noexcept;
  void leave_out(QuotedField& field, std::size_t at, std::size_t resume);
  void end_field(QuotedField& field, std::size_t text_end);
  [[nodiscard]] std::size_t find_end(std::size_t from) const noexcept;
  [[nodiscard]] std::size_t stray_until(std::size_t from, std::size_t end) const noexcept;
  [[nodiscard]] bool has_lines_like_rows() const noexcept;
  void require_few_in_vain() const;

  TextInput& input_;
  Dialect dialect_;
  std::size_t longest_record_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;    ///< where the next record begins
  std::size_t size_ = 0;  ///< bytes in the buffer; kPadding more may be read
  bool ended_ = false;
  std::uint64_t before_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t number_ = 0;
  std::uint64_t empty_lines_ = 0;
  std::uint64_t odd_quotes_ = 0;
  std::uint64_t escaped_quote_line_ = 0;
  std::uint64_t unclosed_ = 0;           ///< quotes
  std::uint64_t looked_at_in_vain_ = 0;  ///< bytes, for their sake

  std::vector<std::string_view> fields_;
  std::deque<std::string> loose_;  ///< of each record that has such: fields without what is left out, back to back
  struct Loose {
    std::size_t field;
    std::size_t from;
    std::size_t size;
  };
  std::vector<Loose> in_loose_;
  std::size_t record_end_ = 0;
  std::uint64_t record_lines_ = 0;
};

}  // namespace neve::dataset
