#include "cli/json_output.hpp"

#include <fmt/format.h>

#include <cmath>

namespace neve::cli {
namespace {

void name_what_is_no_number(Json& json) {
  if (json.is_number_float()) {
    const double value = json.get<double>();
    if (std::isnan(value)) {
      json = "NaN";
    } else if (std::isinf(value)) {
      json = value > 0 ? "Infinity" : "-Infinity";
    }
  } else if (json.is_structured()) {
    for (Json& member : json) name_what_is_no_number(member);
  }
}

}  // namespace

std::string json_output(Json json) {
  name_what_is_no_number(json);
  return dump_spaced_json(json);
}

void print_json(Json json) { fmt::print("{}\n", json_output(std::move(json))); }

}  // namespace neve::cli
