#include "dataset/xlsx/number_formats.hpp"

#include <algorithm>
#include <charconv>

#include "dataset/values/cell_text.hpp"
#include "dataset/values/currency_words.hpp"
#include "dataset/values/number_text.hpp"
#include "dataset/xlsx/xml_reader.hpp"

namespace neve::dataset {
namespace {

NumberMeaning meaning_of_built_in(unsigned id) {
  if (id == 9 || id == 10) return NumberMeaning::percent;
  if (id == 46) return NumberMeaning::duration;
  if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) || id == 57 ||
      id == 58) {
    return NumberMeaning::date;
  }
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
    return NumberMeaning::time;
  return NumberMeaning::number;
}

unsigned number_of(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class StylesHandler final : public XmlHandler {
 public:
  void begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "numFmts") within_formats_ = true;
    if (element == "numFmt" && within_formats_) {  // others, of conditional formats, have numbers of their own
      codes_[number_of(attributes.get("numFmtId"))] = format_of_code(attributes.get("formatCode"));
    }
    if (element == "cellXfs") within_ = true;
    if (element == "xf" && within_) formats.push_back(number_of(attributes.get("numFmtId")));
  }
  void end(std::string_view element) override {
    if (element == "cellXfs") within_ = false;
    if (element == "numFmts") within_formats_ = false;
  }
  void text(std::string_view) override {}

  [[nodiscard]] NumberFormat format(unsigned id) const {
    const auto code = codes_.find(id);
    return code == codes_.end() ? NumberFormat{meaning_of_built_in(id), {}, {}} : code->second;
  }

  std::vector<unsigned> formats;

 private:
  std::map<unsigned, NumberFormat> codes_;
  bool within_ = false;
  bool within_formats_ = false;
};

/// What a format code shows beside digits, in its first section.
struct ShownTexts {
  std::vector<std::string> texts;  ///< what stands together, without blanks around it
  bool divides = false;            ///< a comma behind the digits: the number is shown in thousands
};

ShownTexts texts_of_format(std::string_view code) {
  ShownTexts result;
  std::string shown;
  bool comma = false;  // nothing but commas since the last digit
  const auto end_of_text = [&] {
    if (const std::string_view text = trimmed(shown); !text.empty()) result.texts.emplace_back(text);
    shown.clear();
  };
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    const bool digit = c == '#' || c == '0' || c == '?';
    if (comma && !digit && c != ',') result.divides = true;
    comma = c == ',' || (comma && !digit);
    if (c == '"') {
      const std::size_t close = std::min(code.find('"', i + 1), code.size());
      shown += code.substr(i + 1, close - i - 1);
      i = close;
    } else if (c == '\\' && i + 1 < code.size()) {
      shown += code[++i];
    } else if (c == '_' || c == '*') {
      end_of_text();
      ++i;
    } else if (c == '[') {
      const std::size_t close = std::min(code.find(']', i), code.size());
      const std::string_view inside = code.substr(i + 1, close - i - 1);
      if (inside.starts_with('$')) shown += inside.substr(1, inside.find('-') - 1);
      i = close;
    } else if (digit || c == '.' || c == ',') {
      end_of_text();
    } else {
      shown += c;
    }
  }
  end_of_text();
  result.divides = result.divides || comma;
  return result;
}

}  // namespace

NumberMeaning meaning_of_format(std::string_view code) {
  bool days = false;
  bool hours = false;
  bool months_or_minutes = false;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"') {
      i = code.find('"', i + 1);
      if (i == std::string_view::npos) break;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;  // the next character is shown, or a space as wide as it
    } else if (c == '[') {
      const std::size_t close = code.find(']', i);
      if (close == std::string_view::npos) break;
      const char inside = static_cast<char>(code[i + 1] | 0x20);
      const bool elapsed =
          close > i + 1 && (inside == 'h' || inside == 'm' || inside == 's') && code[i + 1] == code[close - 1];
      if (elapsed) return NumberMeaning::duration;
      i = close;
    } else if (c == '%') {
      return NumberMeaning::percent;
    } else {
      const char lower = static_cast<char>(c | 0x20);
      if (code.substr(i, 7) == "General") return NumberMeaning::number;
      days = days || lower == 'y' || lower == 'd';
      hours = hours || lower == 'h' || lower == 's';
      months_or_minutes = months_or_minutes || lower == 'm';
    }
  }
  if (days || (months_or_minutes && !hours)) return NumberMeaning::date;
  return hours ? NumberMeaning::time : NumberMeaning::number;
}

NumberFormat format_of_code(std::string_view code) {
  constexpr std::size_t kLeastLetters = 3;
  NumberFormat format{meaning_of_format(code), {}, {}};
  if (format.meaning != NumberMeaning::number) return format;
  const ShownTexts shown = texts_of_format(code);
  const auto currency = std::find_if(shown.texts.begin(), shown.texts.end(), is_currency);
  if (currency != shown.texts.end()) format.currency = *currency;
  if (shown.divides) return format;
  for (const std::string& text : shown.texts) {
    // A unit may have the currency that stands on the other side already: € 12 TEUR.
    for (const std::string& before : {format.currency, std::string()}) {
      const std::string amount = before + "1 " + text;
      const auto number = parse_number(amount, '.');
      const bool unit = number && (number->traits & kHasSuffix) != 0;
      if (unit && (text.size() >= kLeastLetters || !number->currency.empty())) return {format.meaning, before, text};
    }
  }
  return format;
}

std::vector<NumberFormat> read_number_formats(XlsxArchive& archive, const std::string& part) {
  std::vector<NumberFormat> formats;
  if (part.empty() || !archive.has(part)) return formats;
  StylesHandler handler;
  XmlReader reader(handler, "the workbook '" + archive.name() + "', part '" + part + "'");
  archive.read(part, [&](std::span<const char> piece, double) { reader.feed(piece); });
  reader.finish();
  for (const unsigned id : handler.formats) formats.push_back(handler.format(id));
  return formats;
}

}  // namespace neve::dataset
