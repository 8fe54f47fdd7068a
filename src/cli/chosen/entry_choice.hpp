#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <neve/cache/disk_cache.hpp>

#include "cli/arguments/arguments.hpp"

namespace neve::cli {

/// The entries that a command is to do something with, all of them found before it begins. A plain value.
struct EntryChoice {
  std::vector<Key> keys;
  std::size_t left = 0;  ///< but for named keys: what neither neve nor phys-pipeline need have written
};

/// Throws `invalid_argument` unless the entries are named in exactly one of the three ways.
void require_one_choice(const EntriesArguments& arguments);

/// The entries of `folder` that the arguments mean; beginnings of keys are completed. Throws `invalid_argument` for a
/// key or a stage that it has nothing of.
[[nodiscard]] EntryChoice choose_entries(const EntriesArguments& arguments, DiskCache& folder);

/// The keys as they are given, for a server, which does not complete them. Throws `invalid_argument` for what is none.
[[nodiscard]] std::vector<Key> whole_keys(const std::vector<std::string>& texts);

/// Lines about an `EntryChoice::left` of more than 0: "left 2 entries that ...; name them to remove them".
[[nodiscard]] std::string left_text(std::size_t left, const char* verb);

}  // namespace neve::cli
