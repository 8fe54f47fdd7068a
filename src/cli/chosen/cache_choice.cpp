#include "cli/chosen/cache_choice.hpp"

#include <algorithm>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/open_redis.hpp>

namespace neve::cli {
namespace {

template <class Fits>
std::vector<TierUrl> tiers_that(std::string_view urls, Fits fits) {
  std::vector<TierUrl> tiers = split_tiers(urls);
  std::erase_if(tiers, [&](const TierUrl& tier) { return !fits(tier.scheme()); });
  return tiers;
}

}  // namespace

std::shared_ptr<Observed> open_chosen_cache(const std::string& urls, Purpose purpose) {
  OpenOptions options;
  if (purpose == Purpose::look) options.access = TierAccess::read_only;
  std::shared_ptr<Observed> cache = open_cache(urls, options);  // also refuses what is wrong with the URL
  // Not by the cache's name: a folder that only looking does not make holds nothing either, and its keys are told.
  return tiers_that(urls, [](std::string_view scheme) { return scheme != "none"; }).empty() ? nullptr : cache;
}

std::vector<TierUrl> disk_tiers(std::string_view urls) {
  return tiers_that(urls, [](std::string_view scheme) { return scheme == "disk"; });
}

std::vector<TierUrl> redis_tiers(std::string_view urls) {
  return tiers_that(urls, [](std::string_view scheme) { return is_redis_scheme(scheme); });
}

std::unique_ptr<DiskCache> open_disk(const std::string& urls, Purpose purpose) {
  const std::vector<TierUrl> folders = disk_tiers(urls);
  if (folders.empty()) {
    throw Error(
        ErrorCode::unsupported,
        "'" + redacted_urls(urls) + "' cannot be listed; this command looks into a folder, such as --cache disk:.neve");
  }
  DiskCacheOptions options = disk_options_from(Url::parse(folders.front().url));
  std::error_code none;
  if (!std::filesystem::exists(options.root, none)) {
    throw Error(ErrorCode::invalid_argument,
                "there is no cache folder '" + options.root.string() +
                    "' here; name one with --cache disk:PATH or NEVE_CACHE, or run a pipeline, which makes it");
  }
  options.when_moved = WhenMoved::stay;
  if (purpose == Purpose::look || folders.front().access == TierAccess::read_only) {
    options.access = FolderAccess::read_only;
  }
  return std::make_unique<DiskCache>(options);
}

Key resolve_key(DiskCache& cache, const std::string& text) {
  if (text.empty()) {
    throw Error(ErrorCode::invalid_argument, "an empty key names no entry; is a variable unset that was to hold it?");
  }
  if (Key::is_valid(text) && cache.inspect(Key(text)).has_value()) return Key(text);
  const std::vector<Key> found = all_keys(cache, text);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    throw Error(ErrorCode::invalid_argument, "no key begins with '" + text + "'; 'neve ls' lists them");
  }
  constexpr std::size_t kNamed = 4;
  std::string names;
  for (std::size_t i = 0; i < std::min(found.size(), kNamed); ++i) names += "\n  " + found[i].text();
  if (found.size() > kNamed) names += "\n  ...";
  throw Error(ErrorCode::invalid_argument,
              "'" + text + "' begins " + std::to_string(found.size()) + " keys; give more of it:" + names);
}

std::vector<Key> all_keys(const DiskCache& cache, std::string_view prefix) {
  constexpr std::size_t kBatch = 4096;
  std::vector<Key> keys;
  KeyWalk walk = cache.walk();
  for (std::vector<Key> batch = walk.next(kBatch); !batch.empty(); batch = walk.next(kBatch)) {
    for (Key& key : batch) {
      if (key.text().starts_with(prefix)) keys.push_back(std::move(key));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace neve::cli
