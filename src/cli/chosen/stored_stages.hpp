#pragma once

#include <string>
#include <vector>

#include <neve/cache/disk_cache.hpp>

namespace neve::cli {

/// The name of the stage that made an entry; "(recent calls)" of what Python's `why` compares with; "-" if it is not
/// known.
[[nodiscard]] std::string stage_of(const Key& key, const EntryInfo& info);

/// The stages of all entries, each once, in order; reads what is kept beside every entry.
[[nodiscard]] std::vector<std::string> stages_in(DiskCache& cache);

/// What to say of a stage that has no entry, with the nearest that has: those of the same name in modules first.
[[nodiscard]] std::string nothing_of_stage(const std::string& stage, DiskCache& cache);

}  // namespace neve::cli
