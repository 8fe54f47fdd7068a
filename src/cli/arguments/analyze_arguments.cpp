#include "cli/arguments/analyze_arguments.hpp"

#include <CLI/CLI.hpp>

namespace neve::cli {

void declare_analyze_options(CLI::App& command, AnalyzeArguments& arguments) {
  command.add_option("id", arguments.id, "of the dataset; 'neve dataset list' has them")->required()->type_name("ID");
  command.add_option("--group-by,-g", arguments.group_by, "the column that names who or what")
      ->required()
      ->type_name("COLUMN");
  command.add_option("--value,-v", arguments.value, "the numeric column to add up")->required()->type_name("COLUMN");
  command.add_option("--thresholds", arguments.thresholds, "shares in percent, 1 to 20 of them; default: 10,20,50")
      ->type_name("LIST");
  command
      .add_option("--grain", arguments.grain, "auto, month, quarter, year or none; default: auto, the finest there is")
      ->type_name("GRAIN");
  command
      .add_option("--filter", arguments.filter,
                  "rows to keep, such as \"region = 'North' and year >= 2023\"; default: all")
      ->type_name("CONDITION");
  command.add_option("--format,-f", arguments.format,
                     "text, json, csv or xlsx; default: as the ending of --out says, else text");
  command.add_option("--out,-o", arguments.out, "write into this file instead of standard output")->type_name("FILE");
  command.add_option("--store", arguments.store, "folder of the datasets; default: storage")->type_name("DIR");
  command
      .add_option(
          "--cache", arguments.cache,
          "URL of a cache of answers, such as redis://host; default: $NEVE_CACHE, then none, as the store keeps "
          "them anyway")
      ->type_name("URL");
  command
      .add_option("--ttl", arguments.ttl,
                  "how long the answer stays in the cache at most, eight times as long of a dataset unchanged for 30 "
                  "days; default: 6h")
      ->type_name("TIME");
  command
      .add_option("--memory", arguments.memory,
                  "for the computation; default: 1GiB, or half of what there is if that is less")
      ->type_name("SIZE");
  command
      .add_option("--artifacts", arguments.artifacts,
                  "what the answers kept for this dataset may take, before those used least recently go; default: 1GiB")
      ->type_name("SIZE");
  command.add_option("--threads", arguments.threads, "default: one for each processor")->type_name("N");
  command.add_flag("--again", arguments.again, "compute, even if the answer is known");
}

}  // namespace neve::cli
