#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace neve::cli {

/// What `neve dataset VERB` takes.
struct DatasetArguments {
  std::string verb;  ///< add, list, schema, lineage or rm
  std::string store = "storage";
  bool json = false;
  bool ids = false;  ///< of `list`: nothing but ids

  std::vector<std::string> words;  ///< the file to add, or ids
  std::string id;
  std::string name;
  std::string sheet;
  std::string encoding;
  std::string delimiter;
  std::string quote;
  std::optional<std::uint64_t> header_row;
  std::string date_order;
  std::string decimal;
  std::string totals;
  std::vector<std::string> types;  ///< COLUMN=TYPE
  bool unpivot = false;
  std::string max_size = "16GiB";
  std::string memory;  ///< "": as there is
  bool quiet = false;
};

/// Declares the verbs of `neve dataset` and their options.
void declare_dataset_options(CLI::App& command, DatasetArguments& arguments);

}  // namespace neve::cli
