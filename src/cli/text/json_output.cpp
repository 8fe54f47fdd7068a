#include "cli/text/json_output.hpp"

#include <fmt/format.h>

#include <cmath>

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

void print_json(Json json) { fmt::print("{}\n", json_output(std::move(json))); }

}  // namespace neve::cli
