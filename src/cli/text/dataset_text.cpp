#include "cli/text/dataset_text.hpp"

#include <fmt/format.h>

#include <neve/base/text_table.hpp>

namespace neve::cli {
namespace {

std::string type_text(const dataset::Column& column) {
  std::string text(to_string(column.type));
  const auto format = column.representation.find("format");
  const auto currency = column.representation.find("currency");
  if (format != column.representation.end()) text += ", " + format->second;
  if (currency != column.representation.end()) text += ", " + currency->second;
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " and ") + word;
  return text;
}

/// `value(name, otherwise)` of JSON that may hold anything.
std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return "";
  return found->is_string() ? printable(found->get<std::string>()) : found->dump();
}

std::string coercion_lines(const Json& step) {
  std::string text;
  for (const Json& column : step.value("columns", Json::array())) {
    if (!column.is_object()) continue;
    text += fmt::format("  {}: {}\n", text_of(column, "name"), text_of(column, "type"));
    for (const Json& coercion : column.value("coercions", Json::array())) {
      text += fmt::format("    {} {}", text_of(coercion, "count"), text_of(coercion, "coercion"));
      const Json examples = coercion.value("examples", Json::array());
      if (!examples.empty()) {
        const Json& first = examples.front();
        text += fmt::format(", such as '{}' -> '{}' in line {}", text_of(first, "from"), text_of(first, "to"),
                            text_of(first, "line"));
      }
      text += "\n";
    }
  }
  return text;
}

std::string step_text(const Json& step) {
  const std::string name = text_of(step, "step");
  if (name == "receive") {
    return fmt::format("generation {}: {}, {} bytes, sha256 {}\n", text_of(step, "generation"),
                       text_of(step, "source_name"), text_of(step, "bytes"), text_of(step, "sha256"));
  }
  if (name == "decode") return fmt::format("read as {}\n", text_of(step, "encoding"));
  if (name == "read") {
    std::string text =
        fmt::format("{} rows, {} rejected, fields apart by {}\n", text_of(step, "rows"), text_of(step, "rejected_rows"),
                    text_of(step, "delimiter") == " " ? "tab" : text_of(step, "delimiter"));
    for (const Json& row : step.value("rejected", Json::array())) {
      text += fmt::format("  line {}: {}: {}\n", text_of(row, "line"), text_of(row, "reason"), text_of(row, "text"));
    }
    return text;
  }
  if (name == "normalise") {
    return fmt::format("normalised (version {}, DuckDB {})\n", text_of(step, "normaliser_version"),
                       text_of(step, "duckdb")) +
           coercion_lines(step);
  }
  if (name == "write") return fmt::format("wrote {} rows, sha256 {}\n", text_of(step, "rows"), text_of(step, "sha256"));
  return name + "\n";
}

}  // namespace

std::string schema_text(const dataset::Schema& schema, std::size_t width) {
  TextTable table(
      {{"column"}, {"type"}, {"role"}, {"different", Align::right}, {"blank", Align::right}, {"in the file"}});
  for (const dataset::Column& column : schema.columns) {
    const std::string blank = column.blanks == 0 ? "-" : fmt::format("{:.3g} %", column.null_rate * 100);
    table.add({printable(column.name), type_text(column), std::string(to_string(column.role)),
               fmt::format("{}{}", column.cardinality_exact ? "" : "~", column.cardinality), blank,
               printable(column.original)});
  }
  std::string text = table.text(width);
  for (const dataset::TimeCandidate& candidate : schema.time_candidates) {
    text += fmt::format("time: {}, by {}\n", joined(candidate.columns), to_string(candidate.grain));
  }
  for (const dataset::SchemaWarning& warning : schema.warnings) {
    text += fmt::format("note: {}{}\n", warning.column.empty() ? "" : printable(warning.column) + ": ",
                        printable(warning.text));
  }
  return text;
}

std::string lineage_text(const Json& lineage) {
  std::string text;
  for (const Json& step : lineage.value("steps", Json::array())) {
    if (step.is_object()) text += step_text(step);
  }
  return text;
}

}  // namespace neve::cli
