#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>
#include <neve/codec/json_string.hpp>

#include "codec/json/json_text.hpp"

namespace neve {
namespace {

std::string place(const JsonPath& path) {
  return path.depth() == 0 ? std::string("at the root") : "at '" + path.pointer() + "'";
}

constexpr std::size_t kLongText = 4096;

struct Separators {
  std::string_view item;
  std::string_view name;
};

void append_unit(std::string& out, char32_t unit) {
  const char text[] = {'\\',
                       'u',
                       kHexDigits[unit >> 12],
                       kHexDigits[(unit >> 8) & 15],
                       kHexDigits[(unit >> 4) & 15],
                       kHexDigits[unit & 15]};
  out.append(text, sizeof text);
}

void append_escape(std::string& out, char32_t value) {
  switch (value) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (value < 0x10000) {
    append_unit(out, value);
  } else {
    append_unit(out, 0xD800 + ((value - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((value - 0x10000) & 0x3FF));
  }
}

/// Appends `text` between quotes; the place of the first byte that is not UTF-8, if there is one.
std::optional<std::size_t> append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t run = plain_prefix(text.substr(at));
    // Room for what follows a long text, or closing its quote would move it.
    if (run >= kLongText) out.reserve(out.size() + run + kLongText);
    out.append(text.substr(at, run));
    at += run;
    if (at == text.size()) break;
    const CodePoint point = decode_code_point(text.substr(at));
    if (point.length == 0) return at;
    append_escape(out, point.value);
    at += point.length;
  }
  out += '"';
  return std::nullopt;
}

// Python's json.JSONEncoder with sort_keys and ensure_ascii. Json keeps members in byte order of their names, which for
// UTF-8 is the order of code points that Python sorts by.
class Printer {
 public:
  explicit Printer(const Separators& separators) : separators_(separators) {}

  void print(const Json& value, const JsonPath& path);
  std::string take() { return std::move(out_); }

 private:
  void print_object(const Json::object_t& members, const JsonPath& path);
  void print_array(const Json::array_t& elements, const JsonPath& path);
  void print_text(std::string_view text, const JsonPath& path, std::string_view what);
  void print_float(double value);
  template <class Integer>
  void print_integer(Integer value);

  Separators separators_;
  std::string out_;
};

void Printer::print(const Json& value, const JsonPath& path) {
  switch (value.type()) {
    case Json::value_t::null:
      out_ += "null";
      return;
    case Json::value_t::boolean:
      out_ += value.get<bool>() ? "true" : "false";
      return;
    case Json::value_t::number_integer:
      print_integer(value.get<std::int64_t>());
      return;
    case Json::value_t::number_unsigned:
      print_integer(value.get<std::uint64_t>());
      return;
    case Json::value_t::number_float:
      print_float(value.get<double>());
      return;
    case Json::value_t::string:
      print_text(value.get_ref<const std::string&>(), path, "a text");
      return;
    case Json::value_t::array:
      print_array(value.get_ref<const Json::array_t&>(), path);
      return;
    case Json::value_t::object:
      print_object(value.get_ref<const Json::object_t&>(), path);
      return;
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  throw Error(ErrorCode::invalid_argument,
              "JSON cannot hold the binary value " + place(path) + "; store it as an array");
}

void require_shallow(const JsonPath& path) {
  if (path.depth() < kMaxJsonDepth) return;
  throw Error(ErrorCode::invalid_argument,
              "JSON is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels " + place(path));
}

void Printer::print_object(const Json::object_t& members, const JsonPath& path) {
  require_shallow(path);
  out_ += '{';
  bool first = true;
  for (const auto& [name, value] : members) {
    if (!first) out_ += separators_.item;
    first = false;
    const JsonPath member(path, name);
    print_text(name, member, "the name");
    out_ += separators_.name;
    print(value, member);
  }
  out_ += '}';
}

void Printer::print_array(const Json::array_t& elements, const JsonPath& path) {
  require_shallow(path);
  out_ += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) out_ += separators_.item;
    print(elements[i], JsonPath(path, i));
  }
  out_ += ']';
}

void Printer::print_text(std::string_view text, const JsonPath& path, std::string_view what) {
  if (const auto bad = append_quoted(out_, text)) {
    throw Error(ErrorCode::invalid_argument,
                std::string(what) + ' ' + place(path) + " is not UTF-8 at its byte " + std::to_string(*bad));
  }
}

void Printer::print_float(double value) {
  if (std::isfinite(value)) {
    out_ += python_repr(value);
  } else {
    out_ += std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }
}

template <class Integer>
void Printer::print_integer(Integer value) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out_.append(text, end);
}

std::string dump(const Json& value, const Separators& separators) {
  Printer printer(separators);
  printer.print(value, JsonPath());
  return printer.take();
}

std::optional<std::string> non_finite_below(const Json& value, const JsonPath& path) {
  if (value.is_number_float()) {
    return std::isfinite(value.get<double>()) ? std::nullopt : std::optional(path.pointer());
  }
  if (!value.is_structured()) return std::nullopt;
  require_shallow(path);
  if (value.is_object()) {
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      if (auto found = non_finite_below(member, JsonPath(path, name))) return found;
    }
    return std::nullopt;
  }
  const auto& elements = value.get_ref<const Json::array_t&>();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (auto found = non_finite_below(elements[i], JsonPath(path, i))) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string dump_spaced_json(const Json& value) { return dump(value, {", ", ": "}); }
std::string dump_compact_json(const Json& value) { return dump(value, {",", ":"}); }

void append_json_string(std::string& out, std::string_view text) {
  if (const auto bad = append_quoted(out, text)) {
    throw Error(ErrorCode::invalid_argument, "a text is not UTF-8 at its byte " + std::to_string(*bad));
  }
}

std::optional<std::string> find_non_finite(const Json& value) { return non_finite_below(value, JsonPath()); }

}  // namespace neve
