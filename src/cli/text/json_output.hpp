#pragma once

#include <string>

#include <neve/codec/json.hpp>

namespace neve::cli {

/// The text of `--json` and `--report`: JSON as every reader takes it. Not-a-number and the infinities, for which JSON
/// has no numbers, are the strings "NaN", "Infinity" and "-Infinity"; bytes that are not UTF-8 are U+FFFD.
[[nodiscard]] std::string json_output(Json json);

/// Prints it on standard output, as a line.
void print_json(Json json);

}  // namespace neve::cli
