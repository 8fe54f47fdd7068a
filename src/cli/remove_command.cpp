#include <fmt/format.h>

#include <neve/base/error.hpp>

#include "cli/cache_choice.hpp"
#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/quantity.hpp"

namespace neve::cli {

ExitCode remove_command(const RemoveArguments& arguments, const Surroundings& surroundings) {
  if (arguments.all != arguments.keys.empty()) {
    throw Error(ErrorCode::invalid_argument, "give the keys to remove, or --all");
  }
  const auto cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::change);
  std::vector<Key> keys;  // all of them are found before the first is removed
  for (const std::string& text : arguments.keys) keys.push_back(resolve_key(*cache, text));
  if (arguments.all) keys = all_keys(*cache);
  Json removed = Json::array();
  for (const Key& key : keys) {
    if (cache->erase(key)) {
      removed.push_back(key.text());
    } else if (cache->inspect(key)) {
      throw Error(ErrorCode::io,
                  "'" + key.text() + "' cannot be removed: what has its name in the cache folder is no file");
    }
  }
  if (arguments.json) {
    print_json({{"removed", removed}});
  } else {
    fmt::print("removed {}\n", count_text(removed.size(), "entry", "entries"));
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
