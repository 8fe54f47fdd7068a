#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/dataset/dataset_store.hpp>

#include "cli/chosen/dataset_options.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/terminal/dataset_progress.hpp"
#include "cli/terminal/terminal.hpp"
#include "cli/text/dataset_text.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/time_text.hpp"

namespace neve::cli {

namespace {

using dataset::AddOptions;
using dataset::AddResult;
using dataset::DatasetRecord;
using dataset::DatasetStore;

std::string what_happened(const AddResult& result) {
  const DatasetRecord& record = result.record;
  if (!result.changed) return fmt::format("unchanged: this content is generation {} already", record.generation);
  return fmt::format("generation {}{}: {}, {}", record.generation, result.replaced ? " (replaces the one before)" : "",
                     count_text(record.rows, "row", "rows"), count_text(record.columns, "column", "columns")) +
         (record.rejected_rows > 0 ? fmt::format(", {} rejected", record.rejected_rows) : "");
}

ExitCode add(const DatasetArguments& arguments, const DatasetStore& store, const Surroundings& surroundings) {
  const Interrupt interrupt;  // before any other thread, so that all of them leave the signals to it
  AddOptions options = add_options_of(arguments);
  options.stop = interrupt.token();
  DatasetProgress progress(surroundings.terminal, arguments.quiet || arguments.json);
  options.progress = [&](std::string_view step, double fraction) { progress.show(step, fraction); };
  const AddResult result = store.add(arguments.words.front(), options);
  progress.erase();
  if (arguments.json) {
    Json json = result.record.to_json();
    json["changed"] = result.changed;
    json["replaced"] = result.replaced;
    json["schema"] = result.schema.to_json();
    print_json(json);
  } else {
    fmt::print("{}: {}\n{}", result.record.id, what_happened(result), schema_text(result.schema, output_width()));
  }
  return ExitCode::ok;
}

/// A misspelt folder would look like one without datasets.
void require_folder(const std::string& store) {
  std::error_code none;
  if (std::filesystem::exists(store, none)) return;
  throw Error(ErrorCode::invalid_argument, "there is no folder '" + store +
                                               "' of datasets here; name one with --store, or add a table, which makes "
                                               "it");
}

ExitCode list(const DatasetArguments& arguments, const DatasetStore& store) {
  ExitCode status = ExitCode::ok;
  const std::vector<DatasetRecord> records = store.list([&](const std::string& fault) {
    status = ExitCode::damaged;
    fmt::print(stderr,
               "neve: {}\n  remedy: add its file again, which puts a new one in its place, or remove it with 'neve "
               "dataset rm'\n",
               printable(fault));
  });
  if (arguments.json) {
    Json json = Json::array();
    for (const DatasetRecord& record : records) json.push_back(record.to_json());
    print_json(json);
    return status;
  }
  if (arguments.ids) {
    for (const DatasetRecord& record : records) fmt::print("{}\n", record.id);
    return status;
  }
  TextTable table(
      {{"id"}, {"rows", Align::right}, {"columns", Align::right}, {"generation", Align::right}, {"changed"}, {"name"}});
  const TimePoint now = Clock::system().now();
  for (const DatasetRecord& record : records) {
    table.add({record.id, std::to_string(record.rows), std::to_string(record.columns),
               std::to_string(record.generation), relative_text(record.changed_at, now), printable(record.name)});
  }
  if (!records.empty()) fmt::print("{}", table.text(output_width()));
  fmt::print("{} in {}\n", count_text(records.size(), "dataset", "datasets"), printable(arguments.store));
  return status;
}

ExitCode remove(const DatasetArguments& arguments, const DatasetStore& store) {
  for (const std::string& id : arguments.words) store.require(id);  // all of them, or none is removed
  Json removed = Json::array();
  for (const std::string& id : arguments.words) {
    store.remove(id);
    removed.push_back(id);
    if (!arguments.json) fmt::print("removed {}\n", id);
  }
  if (arguments.json) print_json({{"removed", removed}});
  return ExitCode::ok;
}

}  // namespace

ExitCode dataset_command(const DatasetArguments& arguments, const Surroundings& surroundings) {
  // Before the store makes its folder: whoever mistypes a name need not clear up after it.
  std::error_code unknown;
  if (arguments.verb == "add" && !std::filesystem::exists(arguments.words.front(), unknown) && !unknown)
    throw Error(ErrorCode::invalid_argument, "there is no file '" + arguments.words.front() + "'");
  const DatasetStore store(arguments.store);
  if (arguments.verb == "add") return add(arguments, store, surroundings);
  require_folder(arguments.store);
  if (arguments.verb == "list") return list(arguments, store);
  if (arguments.verb == "rm") return remove(arguments, store);
  const std::string& id = arguments.words.front();
  if (arguments.verb == "schema") {
    const dataset::Schema schema = store.current_schema(id);
    fmt::print("{}", arguments.json ? dump_spaced_json(schema.to_json()) + "\n" : schema_text(schema, output_width()));
  } else {
    const Json lineage = store.current_lineage(id);
    fmt::print("{}", arguments.json ? dump_spaced_json(lineage) + "\n" : lineage_text(lineage));
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
