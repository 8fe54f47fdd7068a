#include "dataset/xlsx/shared_strings.hpp"

#include <charconv>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

#include "dataset/xlsx/xml_reader.hpp"

namespace neve::dataset {

class SharedStringsHandler final : public XmlHandler {
 public:
  SharedStringsHandler(SharedStrings& strings, std::uint64_t most_bytes, const std::string& name)
      : strings_(strings), most_bytes_(most_bytes), name_(name) {}

  void begin(std::string_view element, const XmlAttributes&) override {
    if (element == "rPh") ++phonetic_;
    if (element == "t") within_ = phonetic_ == 0;
    if (element == "si") item_.clear();
  }
  void end(std::string_view element) override {
    if (element == "rPh") --phonetic_;
    if (element == "t") within_ = false;
    if (element != "si") return;
    strings_.text_ += item_.find("_x") == std::string::npos ? item_ : without_escapes(item_);
    strings_.ends_.push_back(strings_.text_.size());
    check();
  }
  void text(std::string_view text) override {
    if (!within_) return;
    item_ += text;
    if (item_.size() > most_bytes_) check();
  }

 private:
  void check() const {
    if (strings_.text_.size() + strings_.ends_.size() * sizeof(std::size_t) + item_.size() <= most_bytes_) return;
    throw Error(ErrorCode::too_large,
                fmt::format("the texts of the workbook '{}' need more than {} bytes of memory", name_, most_bytes_));
  }

  SharedStrings& strings_;
  std::uint64_t most_bytes_;
  const std::string& name_;
  std::string item_;
  bool within_ = false;
  int phonetic_ = 0;
};

SharedStrings::SharedStrings(XlsxArchive& archive, const std::string& part, std::uint64_t most_bytes) {
  if (part.empty() || !archive.has(part)) return;
  SharedStringsHandler handler(*this, most_bytes, archive.name());
  XmlReader reader(handler, "the workbook '" + archive.name() + "', part '" + part + "'");
  archive.read(part, [&](std::span<const char> piece, double) { reader.feed(piece); });
  reader.finish();
}

std::string without_escapes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool shaped = text.size() - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_';
    unsigned code = 0;
    if (shaped) {
      const auto [end, error] = std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16);
      if (error == std::errc{} && end == text.data() + i + 6 && code != 0 && (code < 0xD800 || code > 0xDFFF)) {
        append_utf8(result, code);
        i += 6;
        continue;
      }
    }
    result += text[i];
  }
  return result;
}

}  // namespace neve::dataset
