#include "cli/text/json_output.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace neve::cli {
namespace {

/// What commands print and files are called need not be UTF-8; one such byte must not cost the whole report.
std::string readable(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

void make_plain(Json& json) {
  if (json.is_string()) {
    json = readable(json.get_ref<const std::string&>());
    return;
  }
  if (json.is_number_float()) {
    const double value = json.get<double>();
    if (std::isnan(value)) {
      json = "NaN";
    } else if (std::isinf(value)) {
      json = value > 0 ? "Infinity" : "-Infinity";
    }
  } else if (json.is_structured()) {
    for (Json& member : json) make_plain(member);
  }
}

}  // namespace

std::string json_output(Json json) {
  make_plain(json);
  return dump_spaced_json(json);
}

void write_json_output(Json object, const std::map<std::string, JsonItems>& lists,
                       const std::function<void(std::string_view)>& write) {
  constexpr std::size_t kPiece = std::size_t{1} << 16;
  for (const auto& [name, list] : lists) object[name] = nullptr;  // its place among the others
  std::string text = "{";
  bool first_member = true;
  for (const auto& [name, value] : object.items()) {
    text += (std::exchange(first_member, false) ? "" : ", ") + json_output(name) + ": ";
    const auto list = lists.find(name);
    if (list == lists.end()) {
      text += json_output(value);
      continue;
    }
    text += "[";
    for (std::size_t i = 0; i < list->second.count; ++i) {
      text += (i == 0 ? "" : ", ") + json_output(list->second.item(i));
      if (text.size() < kPiece) continue;
      write(text);
      text.clear();
    }
    text += "]";
  }
  write(text + "}");
}

void print_json(Json json) { fmt::print("{}\n", json_output(std::move(json))); }

}  // namespace neve::cli
