#pragma once

#include <string>

namespace CLI {
class App;
}

namespace neve::cli {

/// What `neve analyze` takes.
struct AnalyzeArguments {
  std::string id;
  std::string group_by;
  std::string value;
  std::string thresholds = "10,20,50";
  std::string grain = "auto";
  std::string filter;
  std::string format;  ///< empty: as the ending of `out` says, else text
  std::string out;
  std::string store = "storage";
  std::string cache;  ///< URL; empty: NEVE_CACHE, and without that none
  std::string ttl = "6h";
  std::string memory;  ///< "": as there is
  std::string artifacts = "1GiB";
  unsigned threads = 0;
  bool again = false;
  bool json = false;  ///< the same as the format json
};

/// Declares the options of `neve analyze`.
void declare_analyze_options(CLI::App& command, AnalyzeArguments& arguments);

}  // namespace neve::cli
