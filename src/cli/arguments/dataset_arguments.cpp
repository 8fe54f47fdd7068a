#include "cli/arguments/dataset_arguments.hpp"

#include <CLI/CLI.hpp>

namespace neve::cli {
namespace {

/// Options of the parent may stand behind the verb.
CLI::App& verb(CLI::App& command, DatasetArguments& arguments, const char* name, const char* text) {
  CLI::App& sub = *command.add_subcommand(name, text);
  sub.fallthrough();
  sub.footer("\n'neve dataset' has more options, which may stand here, too: --store DIR, --json.\n" + sub.get_footer());
  sub.callback([&arguments, name] { arguments.verb = name; });
  return sub;
}

void declare_add(CLI::App& add, DatasetArguments& arguments) {
  add.add_option("file", arguments.words, "a table: CSV, TSV or XLSX, perhaps gzipped")
      ->required()
      ->expected(1)
      ->type_name("FILE");
  add.add_option("--id", arguments.id, "of the dataset; default: made from the file's name")->type_name("ID");
  add.add_option("--name", arguments.name, "for people; default: the file's name")->type_name("TEXT");
  add.add_option("--sheet", arguments.sheet, "of a workbook, by name or number; default: the first visible one")
      ->type_name("SHEET");
  add.add_flag("--unpivot", arguments.unpivot, "make a row for each column whose header is a year, quarter or month");
  add.add_option("--type", arguments.types,
                 "read a column as text, integer, decimal, fraction, date or boolean; cells that are none become blank")
      ->allow_extra_args(false)
      ->type_name("COLUMN=TYPE");
  add.add_option("--date-order", arguments.date_order,
                 "auto, dmy or mdy, where a column leaves it open; default: auto");
  add.add_option("--decimal", arguments.decimal,
                 "point or comma, the decimal mark where a column leaves it open, as 1.250 does; default: found out")
      ->type_name("MARK");
  add.add_option("--totals", arguments.totals,
                 "exclude or keep: whether analyses leave out rows that sum up others; default: exclude");
  add.add_option("--header-row", arguments.header_row, "line of the header, from 1; 0: there is none")->type_name("N");
  add.add_option("--delimiter", arguments.delimiter, "one character, or tab; default: found out")->type_name("CHAR");
  add.add_option("--quote", arguments.quote, "one character, or none; default: found out")->type_name("CHAR");
  add.add_option("--encoding", arguments.encoding, "utf-8, utf-16, latin-1 or windows-1252; default: found out");
  add.add_option("--max-size", arguments.max_size, "largest file that is taken; default: 16GiB")->type_name("SIZE");
  add.add_option("--memory", arguments.memory,
                 "for writing the table; default: 1GiB, or half of what there is if that is less")
      ->type_name("SIZE");
  add.add_flag("--quiet,-q", arguments.quiet, "no progress");
}

}  // namespace

void declare_dataset_options(CLI::App& command, DatasetArguments& arguments) {
  command.require_subcommand(1);
  command.add_option("--store", arguments.store, "folder of the datasets; default: storage")->type_name("DIR");
  declare_add(verb(command, arguments, "add", "normalise a table and keep it"), arguments);
  verb(command, arguments, "list", "list the datasets")
      .add_flag("--ids", arguments.ids, "print nothing but their ids, one a line");
  const auto with_id = [&](const char* name, const char* text) -> CLI::App& {
    CLI::App& sub = verb(command, arguments, name, text);
    sub.add_option("id", arguments.words, "of the dataset")->required()->expected(1)->type_name("ID");
    return sub;
  };
  with_id("schema", "show the columns of a dataset: types, roles, what is remarkable");
  with_id("lineage", "show how a dataset came to be: every step, coercion and rejected row");
  CLI::App& remove = verb(command, arguments, "rm", "remove datasets with their analyses");
  remove.add_option("ids", arguments.words, "of the datasets")->required()->type_name("ID");
}

}  // namespace neve::cli
