#include "dataset/xlsx/number_formats.hpp"

#include <charconv>

#include "dataset/xlsx/xml_reader.hpp"

namespace neve::dataset {
namespace {

NumberMeaning meaning_of_built_in(unsigned id) {
  if (id == 9 || id == 10) return NumberMeaning::percent;
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
    if (element == "numFmt")
      codes_[number_of(attributes.get("numFmtId"))] = meaning_of_format(attributes.get("formatCode"));
    if (element == "cellXfs") within_ = true;
    if (element == "xf" && within_) formats.push_back(number_of(attributes.get("numFmtId")));
  }
  void end(std::string_view element) override {
    if (element == "cellXfs") within_ = false;
  }
  void text(std::string_view) override {}

  [[nodiscard]] NumberMeaning meaning(unsigned id) const {
    const auto code = codes_.find(id);
    return code == codes_.end() ? meaning_of_built_in(id) : code->second;
  }

  std::vector<unsigned> formats;

 private:
  std::map<unsigned, NumberMeaning> codes_;
  bool within_ = false;
};

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
      if (elapsed) return NumberMeaning::number;
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

std::vector<NumberMeaning> read_number_formats(XlsxArchive& archive, const std::string& part) {
  std::vector<NumberMeaning> meanings;
  if (part.empty() || !archive.has(part)) return meanings;
  StylesHandler handler;
  XmlReader reader(handler, "the workbook '" + archive.name() + "', part '" + part + "'");
  archive.read(part, [&](std::span<const char> piece, double) { reader.feed(piece); });
  reader.finish();
  for (const unsigned id : handler.formats) meanings.push_back(handler.meaning(id));
  return meanings;
}

}  // namespace neve::dataset
