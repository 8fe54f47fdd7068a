#include <neve/cache/open_cache.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/cache/null_cache.hpp>
#include <neve/cache/open_redis.hpp>
#include <neve/cache/tier_url.hpp>

namespace neve {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCode::invalid_argument, message); }

/// What `parse` gives; its refusal says which option it is about.
auto named(const std::string& name, const auto& parse) {
  try {
    return parse();
  } catch (const Error& error) {
    refuse("'" + name + "=': " + error.what());
  }
}

/// The query of a URL, taken item by item; what is left in the end is a mistake.
class Query {
 public:
  Query(const Url& url, std::vector<std::string> names) : url_(url), names_(std::move(names)) {
    for (const auto& [name, value] : url.query) {
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
        std::vector<std::string> known = names_;
        known.insert(known.end(), kTierOptions.begin(), kTierOptions.end());
        refuse("a " + url.scheme + ": cache has no option '" + name + "'" + suggestion(name, known));
      }
    }
  }

  [[nodiscard]] std::optional<std::string> text(const std::string& name) const {
    const auto position = url_.query.find(name);
    return position == url_.query.end() ? std::nullopt : std::optional(position->second);
  }

  [[nodiscard]] std::optional<std::uint64_t> bytes(const std::string& name) const {
    const auto value = text(name);
    return value ? std::optional(named(name, [&] { return parse_byte_size(*value); })) : std::nullopt;
  }

  [[nodiscard]] std::optional<std::chrono::milliseconds> duration(const std::string& name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const std::chrono::milliseconds duration = named(name, [&] { return parse_duration(*value); });
    if (duration.count() == 0)
      refuse("'" + name + "=" + *value + "' would keep nothing; leave it out to keep entries for good");
    return duration;
  }

  [[nodiscard]] bool flag(const std::string& name) const {
    return choice(name, {"off", "no", "false", "0", "on", "yes", "true", "1"}, 0) >= 4;
  }

  /// Index of the value among `values`, or `otherwise` if the option is not given.
  [[nodiscard]] std::size_t choice(const std::string& name, const std::vector<std::string>& values,
                                   std::size_t otherwise) const {
    const auto value = text(name);
    if (!value) return otherwise;
    const auto position = std::find(values.begin(), values.end(), *value);
    if (position == values.end()) refuse("'" + name + "=" + *value + "' is no choice" + suggestion(*value, values));
    return static_cast<std::size_t>(position - values.begin());
  }

 private:
  const Url& url_;
  std::vector<std::string> names_;
};

void require_kind(const Url& url, std::string_view kind) {
  if (url.scheme != kind) refuse("'" + url.redacted() + "' is not a " + std::string(kind) + ": cache");
  if (!url.host.empty()) {
    refuse("a " + url.scheme + ": cache has no host; write '" + url.scheme + ":" + url.host + url.path + "'");
  }
}

/// One that would be made by whoever may write.
bool is_yet_to_be_made(const DiskCacheOptions& disk) {
  std::error_code unknown;
  return disk.access == FolderAccess::read_write && !std::filesystem::exists(disk.root, unknown) && !unknown;
}

/// A tier that is read only is so in every way: a folder is not even cleaned of what has expired.
std::shared_ptr<CacheBackend> open_backend(const TierUrl& tier, const OpenOptions& options) {
  const std::string_view text = tier.url;
  if (is_redis_scheme(text.substr(0, text.find(':')))) return open_redis(text, *options.clock, options.on_failure);
  const Url url = Url::parse(text);
  if (url.scheme == "disk") {
    DiskCacheOptions disk = disk_options_from(url);
    disk.clock = options.clock;
    if (tier.access == TierAccess::read_only) disk.access = FolderAccess::read_only;
    if (options.access == TierAccess::read_only) {
      if (is_yet_to_be_made(disk)) return std::make_shared<NullCache>();
      disk.access = FolderAccess::read_only;
    }
    return std::make_shared<DiskCache>(disk);
  }
  if (url.scheme == "memory") {
    MemoryCacheOptions memory = memory_options_from(url);
    memory.clock = options.clock;
    return std::make_shared<MemoryCache>(memory);
  }
  require_kind(url, "none");
  (void)Query(url, {});
  return std::make_shared<NullCache>();
}

}  // namespace

std::shared_ptr<Observed> open_cache(std::string_view url, const OpenOptions& options) {
  const std::vector<TierUrl> urls = split_tiers(url);
  std::optional<TierWrites> writes;
  for (const TierUrl& tier : urls) {
    if (tier.writes && writes && tier.writes != writes) refuse("two tiers of a cache URL want different 'writes'");
    if (tier.writes) writes = tier.writes;
  }
  if (urls.size() == 1 && writes == TierWrites::background) {
    refuse("'writes=background' needs a chain: a nearer tier that has the entry meanwhile, as in 'disk:.neve," +
           std::string(urls[0].scheme()) + ":...'");
  }
  const auto access_to = [&](const TierUrl& tier) {
    return options.access == TierAccess::read_only ? TierAccess::read_only : tier.access;
  };
  if (urls.size() == 1 && (access_to(urls[0]) == TierAccess::read_write || urls[0].scheme() == "none")) {
    return std::make_shared<Observed>(open_backend(urls[0], options), options.on_failure);
  }
  std::vector<Tier> tiers;
  for (const TierUrl& tier : urls) {
    if (tier.scheme() == "disk" && !tiers.empty() &&
        disk_options_from(Url::parse(tier.url)).placement == Placement::mapped) {
      refuse("'map=on' is for the nearest tier: what '" + Url::parse(tier.url).redacted() +
             "' has is copied into the tiers before it; leave the option out");
    }
    // The chain works around a tier that fails, so each passes its errors on.
    tiers.push_back({std::make_shared<Observed>(open_backend(tier, options), FailurePolicy::rethrow), access_to(tier)});
  }
  TieredOptions tiered;
  tiered.writes = writes.value_or(options.tier_writes);
  return std::make_shared<Observed>(std::make_shared<TieredCache>(std::move(tiers), tiered), options.on_failure);
}

DiskCacheOptions disk_options_from(const Url& url) {
  require_kind(url, "disk");
  if (url.path.empty()) refuse("'disk:' names no folder; write 'disk:.neve'");
  if (url.path == "~" || url.path.starts_with("~/")) {
    refuse("'disk:" + url.path + "': '~' is the home folder to a shell only, and not behind 'disk:'; give the whole " +
           "path, or 'disk:./" + url.path + "' for a folder of that name");
  }
  // Not repeated: it may hold a password.
  if (url.path.find("://") != std::string::npos)
    refuse("the folder of a disk: cache holds '://'; the caches of a chain are separated by commas, without spaces");
  const Query query(url,
                    {"budget", "files", "ttl", "durability", "compression", "map", "readonly", "decoded", "recent"});
  DiskCacheOptions options;
  options.root = url.path;
  options.budget_bytes = query.bytes("budget");
  options.budget_files = query.bytes("files");
  options.ttl = query.duration("ttl");
  options.decoded_bytes = query.bytes("decoded");
  options.recent_bytes = query.bytes("recent").value_or(options.recent_bytes);
  constexpr std::array kDurabilities{Durability::none, Durability::data, Durability::full};
  options.durability = kDurabilities[query.choice("durability", {"none", "data", "full"}, 0)];
  constexpr std::array kCompressions{Compression::adaptive, Compression::store, Compression::small};
  options.compression = kCompressions[query.choice("compression", {"adaptive", "store", "small"}, 0)];
  options.placement = query.flag("map") ? Placement::mapped : Placement::owned;
  options.access = query.flag("readonly") ? FolderAccess::read_only : FolderAccess::read_write;
  return options;
}

MemoryCacheOptions memory_options_from(const Url& url) {
  require_kind(url, "memory");
  const Query query(url, {"ttl"});
  MemoryCacheOptions options;
  if (!url.path.empty()) options.budget_bytes = parse_byte_size(url.path);
  options.ttl = query.duration("ttl");
  return options;
}

}  // namespace neve
