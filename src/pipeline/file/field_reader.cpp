#include "pipeline/file/field_reader.hpp"

#include <algorithm>

#include <neve/base/nearest.hpp>

#include "pipeline/file/placed_error.hpp"

namespace neve {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

void note_places(const YamlNode& node, std::string_view file, const std::string& pointer,
                 std::map<std::string, TextPlace>& places) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string inner = pointer + "/" + std::to_string(i);
    places[inner] = place_at(file, node.items[i].position);
    note_places(node.items[i], file, inner, places);
  }
  for (const YamlNode::Member& member : node.members) {
    const std::string inner = pointer + "/" + escape_pointer(member.key);
    places[inner] = place_at(file, member.position);
    note_places(member.value, file, inner, places);
  }
}

}  // namespace

std::string escape_pointer(std::string_view name) {
  std::string text;
  for (const char c : name) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      if (node.text.find_first_not_of(kBlank) == std::string::npos) return "an empty text";
      return "'" + (node.text.size() <= 40 ? node.text : node.text.substr(0, 37) + "...") + "'";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a mapping";
  }
  return "";
}

FieldReader::FieldReader(const YamlNode& node, std::string_view file, std::string owner,
                         std::initializer_list<std::string> known, Mistakes& mistakes)
    : node_(&node), file_(file), owner_(std::move(owner)) {
  const std::vector<std::string> names(known);
  if (node.kind != YamlNode::Kind::mapping) {
    fail_at(place(), owner_ + " must be a mapping of fields (" + names.front() + ", " + names[1] + ", ...), not " +
                         describe(node));
  }
  for (const YamlNode::Member& member : node.members) {
    if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
    mistakes.add(place_at(file, member.position),
                 "unknown field '" + member.key + "' of " + owner_ + suggestion(member.key, names));
  }
}

void FieldReader::wrong(std::string_view field, const YamlNode& node, std::string_view expected) const {
  fail_at(place(node), "'" + std::string(field) + "' of " + owner_ + " must be " + std::string(expected) + ", not " +
                           describe(node));
}

PlacedText FieldReader::text_of(std::string_view field, const YamlNode& node, std::string_view expected) const {
  if (node.kind != YamlNode::Kind::scalar || node.text.empty()) wrong(field, node, expected);
  return {node.text, place(node)};
}

std::optional<PlacedText> FieldReader::text(std::string_view field) const {
  const YamlNode* node = find(field);
  if (node == nullptr) return std::nullopt;
  return text_of(field, *node, "text");
}

std::optional<PlacedText> FieldReader::command(std::string_view field) const {
  constexpr std::string_view kExpected = "a command";
  const YamlNode* node = find(field);
  if (node == nullptr) return std::nullopt;
  PlacedText text = text_of(field, *node, kExpected);
  if (text.text.find_first_not_of(kBlank) == std::string::npos) wrong(field, *node, kExpected);
  return text;
}

std::vector<PlacedText> FieldReader::texts(std::string_view field) const {
  const YamlNode* node = find(field);
  if (node == nullptr) return {};
  constexpr std::string_view kExpected = "a name or a list of names";
  if (node->kind == YamlNode::Kind::scalar) return {text_of(field, *node, kExpected)};
  if (node->kind != YamlNode::Kind::sequence) wrong(field, *node, kExpected);
  std::vector<PlacedText> list;
  for (const YamlNode& item : node->items) list.push_back(text_of(field, item, kExpected));
  return list;
}

PlacedConfig FieldReader::config(std::string_view field) const {
  PlacedConfig config;
  config.places[""] = place();
  const YamlNode* node = find(field);
  if (node == nullptr || node->kind == YamlNode::Kind::null) return config;
  if (node->kind != YamlNode::Kind::mapping) wrong(field, *node, "a mapping of names to values");
  config.values = to_json(*node, file_);
  note_places(*node, file_, "", config.places);
  return config;
}

TextPlace PlacedConfig::place_of(std::string_view pointer) const {
  for (std::string inner(pointer);; inner.resize(inner.rfind('/'))) {
    if (const auto found = places.find(inner); found != places.end()) return found->second;
    if (inner.find('/') == std::string::npos) return {};
  }
}

}  // namespace neve
