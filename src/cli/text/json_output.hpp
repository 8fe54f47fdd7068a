#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <neve/codec/json.hpp>

namespace neve::cli {

/// The text of `--json` and `--report`: JSON as every reader takes it. Not-a-number and the infinities, for which JSON
/// has no numbers, are the strings "NaN", "Infinity" and "-Infinity"; bytes that are not UTF-8 are U+FFFD.
[[nodiscard]] std::string json_output(Json json);

/// A list of which an item is made when it is written: all of them would take many times the memory of their text.
struct JsonItems {
  std::size_t count = 0;
  std::function<Json(std::size_t)> item{};
};

/// Hands the same text of an object over in pieces. `lists` are members of it, too.
void write_json_output(Json object, const std::map<std::string, JsonItems>& lists,
                       const std::function<void(std::string_view)>& write);

/// Prints it on standard output, as a line.
void print_json(Json json);

}  // namespace neve::cli
