#pragma once

#include <string>
#include <string_view>

#include <neve/cache/disk_report.hpp>
#include <neve/codec/json.hpp>

namespace neve::cli {

/// The recipe as JSON; null if there is none or it cannot be read.
[[nodiscard]] Json recipe_json(std::string_view recipe);

/// The recipe in words, a line for every ingredient; empty if there is none.
[[nodiscard]] std::string recipe_text(const Json& recipe);

/// What `--json` prints of an entry; the recipe is left to the caller.
[[nodiscard]] Json info_json(const Key& key, const EntryInfo& info);

/// "never", "in 5 h", "expired 3 min ago".
[[nodiscard]] std::string expiry_text(const EntryInfo& info, TimePoint now);

/// A time as ISO 8601 in UTC, for JSON.
[[nodiscard]] std::string iso_time(TimePoint time);

}  // namespace neve::cli
