#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <neve/cache/disk_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/tier_url.hpp>

namespace neve::cli {

/// Whether a subcommand changes the cache; one that only looks never makes a folder.
enum class Purpose { look, change };

/// The cache to run with; null for `none:`. Throws `invalid_argument` for a URL nothing can be made of.
[[nodiscard]] std::shared_ptr<Observed> open_chosen_cache(const std::string& urls, Purpose purpose);

/// The tiers of the list that are folders, or the tiers that are Redis servers.
[[nodiscard]] std::vector<TierUrl> disk_tiers(std::string_view urls);
[[nodiscard]] std::vector<TierUrl> redis_tiers(std::string_view urls);

/// The disk cache that the URL, or the first `disk:` of a list, means. Throws `unsupported` if there is none, since
/// only a folder can be listed, and `invalid_argument` if the folder does not exist and is only to be looked at.
[[nodiscard]] std::unique_ptr<DiskCache> open_disk(const std::string& urls, Purpose purpose);

/// The key that `text` is or uniquely begins. Throws `invalid_argument` if it begins none, or several (some are named).
[[nodiscard]] Key resolve_key(DiskCache& cache, const std::string& text);

/// Every key, or those that begin with `prefix`, sorted.
[[nodiscard]] std::vector<Key> all_keys(const DiskCache& cache, std::string_view prefix = {});

}  // namespace neve::cli
