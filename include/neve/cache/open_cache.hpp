#pragma once

#include <memory>
#include <string_view>

#include <neve/base/clock.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/disk_cache.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/tiered.hpp>

namespace neve {

/// What a URL does not say.
struct OpenOptions {
  const Clock* clock = &Clock::system();  ///< must outlive the cache
  FailurePolicy on_failure = FailurePolicy::tolerate;
  TierWrites tier_writes = TierWrites::through;  ///< of a chain whose URLs do not say: what a store waits for
  /// `read_only`: no tier is stored to, cleaned or made, whatever the URL says. A folder that is not there holds
  /// nothing.
  TierAccess access = TierAccess::read_write;
};

/// Opens the cache that `url` names, with everything asked of it counted and timed:
///
///   disk:PATH
///   `?budget=10GB&files=20000&ttl=30d&durability=none|data|full&compression=adaptive|store|small&map=on&readonly=on`
///   `&decoded=8GB&recent=16MiB`
///   memory:256MiB  `?ttl=6h`; the size may be left out
///   none:          keeps nothing
///   redis://  rediss://  unix://  redis+sentinel://  redis+cluster://
///                  a shared server; docs/guide/sharing-results.md has the options
///   memory:256MiB,disk:.neve,redis://host
///                  a chain, nearest first; the backend of the result is a TieredCache of observed tiers
///
/// Each URL of a chain may also say `mode=read` (the tier is looked up and never stored to), and one of them
/// `writes=background` (a store waits for the nearest tier only) and `flight=...` (see `open_flight`).
///
/// Throws `invalid_argument` for a kind, name or value that is not one of these (the message names the nearest),
/// `unsupported` for a kind this build does not have, and what opening the cache throws.
[[nodiscard]] std::shared_ptr<Observed> open_cache(std::string_view url, const OpenOptions& options = {});

/// The options that a `disk:` URL stands for. Throws `invalid_argument`, also for another kind of URL.
[[nodiscard]] DiskCacheOptions disk_options_from(const Url& url);

/// The same for `memory:`.
[[nodiscard]] MemoryCacheOptions memory_options_from(const Url& url);

}  // namespace neve
