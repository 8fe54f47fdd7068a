#include "dataset/xlsx/sheet_reader.hpp"

#include <charconv>

#include <fmt/format.h>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/xlsx/serial_date.hpp"
#include "dataset/xlsx/xml_reader.hpp"

namespace neve::dataset {
namespace {

constexpr std::uint32_t kMostRows = 1'048'576;  // ECMA-376 leaves it open; Excel's limits
constexpr std::uint32_t kMostColumns = 16'384;
constexpr std::size_t kLongestCell = std::size_t{1} << 20;

std::uint32_t number_of(std::string_view text, std::uint32_t otherwise) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

/// The column of a reference such as BC12, from 0; `otherwise` if it has none.
std::uint32_t column_of(std::string_view reference, std::uint32_t otherwise) {
  std::uint32_t column = 0;
  std::size_t letters = 0;
  for (; letters < reference.size() && letters < 4; ++letters) {
    const char c = static_cast<char>(reference[letters] | 0x20);
    if (c < 'a' || c > 'z') break;
    column = column * 26 + static_cast<std::uint32_t>(c - 'a' + 1);
  }
  return letters == 0 ? otherwise : column - 1;
}

/// The reference of a cell, such as B3.
std::string reference_of(std::uint32_t row, std::uint32_t column) {
  std::string letters;
  for (std::uint32_t left = column + 1; left > 0; left = (left - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  return letters + std::to_string(row);
}

/// The row of a reference such as BC12; 0 if it has none.
std::uint32_t row_of(std::string_view reference) {
  const std::size_t digits = reference.find_first_of("0123456789");
  return digits == std::string_view::npos ? 0 : number_of(reference.substr(digits), 0);
}

const NumberFormat kPlain;

class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const SheetContext& context, const std::string& name,
               const std::function<void(const SheetRow&, double)>& consume)
      : context_(context), name_(name), consume_(consume) {}

  void begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "row") {
      begin_row(attributes);
    } else if (element == "c") {
      begin_cell(attributes);
    } else if (element == "f") {
      formula_ = true;
    } else if (element == "mergeCell") {
      note_merged(attributes.get("ref"));
    } else if (element == "rPh") {
      ++phonetic_;
    } else if (element == "v" || element == "t") {
      within_ = in_cell_ && phonetic_ == 0;
    }
  }

  void end(std::string_view element) override {
    if (element == "row" && in_row_) {
      in_row_ = false;
      if (width_ > 0 && hidden_) findings.hidden.push_back(row_);
      if (width_ > 0) consume_(SheetRow{row_, cells_, width_}, fraction);
    } else if (element == "c" && in_cell_) {
      in_cell_ = false;
      end_cell();
    } else if (element == "rPh") {
      --phonetic_;
    } else if (element == "v" || element == "t") {
      within_ = false;
    }
  }

  void text(std::string_view text) override {
    if (!within_) return;
    value_ += text;
    if (value_.size() > kLongestCell)
      fail(fmt::format("a cell in row {} holds more than {} bytes", row_, kLongestCell));
  }

  double fraction = 0;
  SheetFindings findings;

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::corrupt, "the workbook '" + name_ + "' is damaged: " + what);
  }

  void begin_row(const XmlAttributes& attributes) {
    const std::string_view reference = attributes.get("r");
    // A number that does not fit is beyond the last row, not a row without a number.
    const std::uint32_t number =
        number_of(reference, only_digits(reference) && !reference.empty() ? UINT32_MAX : row_ + 1);
    if (number > kMostRows)
      fail(fmt::format("it has a row {}", reference.empty() ? fmt::to_string(number) : excerpt(reference)));
    if (number <= row_) fail(fmt::format("row {} follows row {}", number, row_));
    row_ = number;
    in_row_ = true;
    const std::string_view hidden = attributes.get("hidden");
    const std::string_view level = attributes.get("outlineLevel");  // some programs write 0 for none
    hidden_ = (hidden == "1" || hidden == "true") && (level.empty() || level == "0");
    column_ = 0;
    width_ = 0;
    for (std::string& cell : cells_) cell.clear();
  }

  void begin_cell(const XmlAttributes& attributes) {
    if (!in_row_) fail("a cell stands outside a row");
    const std::uint32_t column = column_of(attributes.get("r"), column_);
    if (column >= kMostColumns) fail(fmt::format("row {} has a cell in column {}", row_, column + 1));
    if (column < column_)
      fail(fmt::format("in row {} a cell of column {} follows one of column {}", row_, column + 1, column_));
    column_ = column + 1;
    in_cell_ = true;
    formula_ = false;
    type_ = attributes.get("t");
    const std::uint32_t style = number_of(attributes.get("s"), 0);
    format_ = style < context_.formats.size() ? &context_.formats[style] : &kPlain;
    value_.clear();
  }

  void end_cell() {
    if (value_.empty()) {
      // A formula may give an empty text, which is one.
      if (formula_ && type_ != "str" && findings.missing.count++ == 0)
        findings.missing.first = reference_of(row_, column_ - 1);
      return;
    }
    if (cells_.size() < column_) cells_.resize(column_);
    std::string& cell = cells_[column_ - 1];
    if (type_ == "s") {
      const std::uint32_t index = number_of(value_, UINT32_MAX);
      if (index >= context_.strings.size()) fail(fmt::format("a cell in row {} names a text that there is not", row_));
      cell = context_.strings.at(index);
    } else if (type_ == "b") {
      cell = value_ == "0" || value_ == "false" ? "FALSE" : "TRUE";
    } else if (type_.empty() || type_ == "n") {
      take_number(cell);
    } else {  // str, inlineStr, e, d
      cell = value_.find("_x") == std::string::npos ? value_ : without_escapes(value_);
    }
    const bool number = type_.empty() || type_ == "n";
    while (!number && cell.ends_with(kNumberMark)) cell.resize(cell.size() - kNumberMark.size());
    if (!cell.empty()) width_ = std::max<std::size_t>(width_, column_);
  }

  /// What is no range of cells is of no concern here.
  void note_merged(std::string_view reference) {
    const std::size_t colon = reference.find(':');
    if (colon == std::string_view::npos || findings.merged.size() == SheetFindings::kMostMerged) return;
    const std::string_view first = reference.substr(0, colon);
    const std::string_view last = reference.substr(colon + 1);
    const MergedCells cells{row_of(first), column_of(first, 0), row_of(last), column_of(last, 0)};
    if (cells.top > 0 && cells.top <= cells.bottom && cells.left <= cells.right) findings.merged.push_back(cells);
  }

  void take_number(std::string& cell) const {
    const NumberMeaning meaning = format_->meaning;
    cell = cell_number_text(value_, meaning, context_.from_1904);
    const bool duration = meaning == NumberMeaning::duration;
    const bool amount = meaning == NumberMeaning::number || meaning == NumberMeaning::percent || duration;
    if (!amount || !(is_digit(cell.back()) || cell.back() == '%')) return;
    if (!format_->currency.empty()) cell.insert(0, format_->currency);
    // Next to nothing (1E-14) is that in any unit.
    if (!format_->unit.empty() && cell.find_first_of("eE") == std::string::npos) cell += ' ' + format_->unit;
    cell += duration ? kDurationMark : kNumberMark;
  }

  const SheetContext& context_;
  const std::string& name_;
  const std::function<void(const SheetRow&, double)>& consume_;
  std::vector<std::string> cells_;
  std::size_t width_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t column_ = 0;
  bool in_row_ = false;
  bool hidden_ = false;
  bool in_cell_ = false;
  bool within_ = false;
  bool formula_ = false;
  int phonetic_ = 0;
  std::string type_;
  const NumberFormat* format_ = &kPlain;
  std::string value_;
};

/// Ends the reading of a sheet by `Found`.
class ValueFinder final : public XmlHandler {
 public:
  struct Found {};
  void begin(std::string_view element, const XmlAttributes&) override {
    if (element == "c") in_cell_ = true;
    within_ = in_cell_ && (element == "v" || element == "t");
  }
  void end(std::string_view element) override {
    if (element == "c") in_cell_ = false;
    within_ = false;
  }
  void text(std::string_view text) override {
    if (within_ && !trimmed(text).empty()) throw Found();
  }

 private:
  bool in_cell_ = false;
  bool within_ = false;
};

}  // namespace

std::string MergedCells::reference() const { return reference_of(top, left) + ':' + reference_of(bottom, right); }

bool has_cells(XlsxArchive& archive, const std::string& part) {
  ValueFinder finder;
  XmlReader reader(finder, "the workbook '" + archive.name() + "', part '" + part + "'");
  try {
    archive.read(part, [&](std::span<const char> piece, double) { reader.feed(piece); });
    reader.finish();
  } catch (const ValueFinder::Found&) {
    return true;
  }
  return false;
}

SheetFindings read_sheet(XlsxArchive& archive, const std::string& part, const SheetContext& context,
                         const std::function<void(const SheetRow&, double)>& consume) {
  SheetHandler handler(context, archive.name(), consume);
  XmlReader reader(handler, "the workbook '" + archive.name() + "', part '" + part + "'");
  archive.read(part, [&](std::span<const char> piece, double fraction) {
    handler.fraction = fraction;
    reader.feed(piece);
  });
  reader.finish();
  return std::move(handler.findings);
}

}  // namespace neve::dataset
