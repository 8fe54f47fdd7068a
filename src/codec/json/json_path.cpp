#include <neve/codec/json_path.hpp>

#include <neve/base/bytes.hpp>
#include <neve/base/digest.hpp>

#include "codec/json/json_text.hpp"

namespace neve {
namespace {

// Error texts end up in terminals, logs and JSON reports, so they hold nothing but UTF-8.
void append_printable(std::string& text, std::string_view name) {
  while (!name.empty()) {
    const CodePoint point = decode_code_point(name);
    const std::size_t length = point.length == 0 ? 1 : point.length;
    const bool printable =
        point.length != 0 && point.value >= 0x20 && !is_high_surrogate(point.value) && !is_low_surrogate(point.value);
    if (printable) {
      text.append(name.substr(0, length));
    } else {
      for (const char byte : name.substr(0, length)) text.append("\\x").append(to_hex(as_byte_span({&byte, 1})));
    }
    name.remove_prefix(length);
  }
}

std::string escaped_for_pointer(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string JsonPath::pointer() const {
  if (parent_ == nullptr) return "";
  std::string text = parent_->pointer() + '/';
  if (index_ != kNoIndex) return text + std::to_string(index_);
  append_printable(text, escaped_for_pointer(name_));
  return text;
}

std::string JsonPath::dotted() const {
  if (parent_ == nullptr) return "";
  std::string text = parent_->dotted();
  if (index_ != kNoIndex) return text.append("[").append(std::to_string(index_)).append("]");
  if (!text.empty()) text += '.';
  append_printable(text, name_);
  return text;
}

}  // namespace neve
