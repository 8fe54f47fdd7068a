#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

#include "pipeline/file/placed_error.hpp"
#include "pipeline/file/yaml_tree.hpp"

namespace neve {
namespace {

std::string_view without_sign(std::string_view text) noexcept {
  return !text.empty() && (text.front() == '+' || text.front() == '-') ? text.substr(1) : text;
}

bool all_digits(std::string_view text, int base) noexcept {
  for (const char c : text) {
    if (hex_digit(c) < 0 || hex_digit(c) >= base) return false;
  }
  return !text.empty();
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
bool looks_like_float(std::string_view text) noexcept {
  text = without_sign(text);
  std::size_t whole = 0, fraction = 0, i = 0;
  while (i < text.size() && is_digit(text[i])) ++i, ++whole;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i, ++fraction;
  }
  if (whole + fraction == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) return all_digits(without_sign(text.substr(i + 1)), 10);
  return i == text.size();
}

[[noreturn]] void out_of_range(const YamlNode& node, std::string_view name, const char* kind) {
  throw PlacedError(ErrorCode::invalid_argument, place_at(name, node.position),
                    node.text + " does not fit a 64-bit " + kind);
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text, int base) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Json integer(const YamlNode& node, std::string_view name, std::string_view digits, int base) {
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  if (const auto value = whole_number<std::int64_t>(digits, base)) return *value;
  if (const auto value = whole_number<std::uint64_t>(digits, base)) return *value;
  out_of_range(node, name, "integer");
}

Json floating(const YamlNode& node, std::string_view name) {
  std::string_view text = node.text;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) out_of_range(node, name, "floating-point number");
  return value;
}

std::optional<double> special_float(std::string_view text) {
  const std::string_view magnitude = without_sign(text);
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  if (magnitude != ".inf" && magnitude != ".Inf" && magnitude != ".INF") return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return text.front() == '-' ? -infinity : infinity;
}

Json scalar(const YamlNode& node, std::string_view name) {
  const std::string_view text = node.text;
  if (!node.plain) return node.text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (text.starts_with("0o") && all_digits(text.substr(2), 8)) return integer(node, name, text.substr(2), 8);
  if (text.starts_with("0x") && all_digits(text.substr(2), 16)) return integer(node, name, text.substr(2), 16);
  if (all_digits(without_sign(text), 10)) return integer(node, name, text, 10);
  if (looks_like_float(text)) return floating(node, name);
  if (const auto special = special_float(text)) return *special;
  return node.text;
}

}  // namespace

Json to_json(const YamlNode& node, std::string_view name) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return nullptr;
    case YamlNode::Kind::scalar:
      return scalar(node, name);
    case YamlNode::Kind::sequence: {
      Json list = Json::array();
      for (const YamlNode& item : node.items) list.push_back(to_json(item, name));
      return list;
    }
    case YamlNode::Kind::mapping: {
      Json object = Json::object();
      for (const YamlNode::Member& member : node.members) object[member.key] = to_json(member.value, name);
      return object;
    }
  }
  throw Error(ErrorCode::internal, "a YAML node of no kind");
}

}  // namespace neve
