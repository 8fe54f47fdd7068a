#include "cli/chosen/entry_choice.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/stored_stages.hpp"

namespace neve::cli {
namespace {

/// Of all stages if `stage` is empty.
EntryChoice everything_in(DiskCache& folder, const std::string& stage) {
  EntryChoice choice;
  for (const Key& key : all_keys(folder)) {
    const std::optional<EntryInfo> info = folder.inspect(key);
    if (!stage.empty() && (!info || stage_of(key, *info) != stage)) continue;
    if (info && info->disposable) {
      choice.keys.push_back(key);
    } else if (info) {
      ++choice.left;
    }
  }
  if (!stage.empty() && choice.keys.empty()) throw Error(ErrorCode::invalid_argument, nothing_of_stage(stage, folder));
  return choice;
}

}  // namespace

void require_one_choice(const EntriesArguments& arguments) {
  const int given = (arguments.all ? 1 : 0) + (arguments.stage.empty() ? 0 : 1) + (arguments.keys.empty() ? 0 : 1);
  if (given == 1) return;
  throw Error(ErrorCode::invalid_argument,
              std::string("name the entries by their keys, or give --stage NAME, or --all") +
                  (given > 1 ? ": one of the three" : ""));
}

EntryChoice choose_entries(const EntriesArguments& arguments, DiskCache& folder) {
  if (arguments.keys.empty()) return everything_in(folder, arguments.stage);
  EntryChoice choice;
  for (const std::string& text : arguments.keys) choice.keys.push_back(resolve_key(folder, text));
  return choice;
}

std::vector<Key> whole_keys(const std::vector<std::string>& texts) {
  std::vector<Key> keys;
  std::transform(texts.begin(), texts.end(), std::back_inserter(keys),
                 [](const std::string& text) { return Key(text); });
  return keys;
}

std::string left_text(std::size_t left, const char* verb) {
  return fmt::format("left {} that neither neve nor phys-pipeline need have written; name them to {} them\n",
                     count_text(left, "entry", "entries"), verb);
}

}  // namespace neve::cli
