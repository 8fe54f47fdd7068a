#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/copy_entry.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/open_redis.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/entry_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/terminal/counter_line.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

constexpr std::size_t kShownFailures = 40;

OpenOptions failing() {
  OpenOptions options;
  options.on_failure = FailurePolicy::rethrow;
  return options;
}

/// Where the entries come from, and which.
struct Source {
  std::shared_ptr<CacheBackend> cache;
  EntryChoice chosen;
};

/// The folder of the URL, or the Redis if that is all there is.
Source open_source(const CopyArguments& arguments, const std::string& urls) {
  const std::vector<TierUrl> servers = redis_tiers(urls);
  if (!disk_tiers(urls).empty() || servers.empty()) {
    std::shared_ptr<DiskCache> folder = open_disk(urls, Purpose::look);
    EntryChoice chosen = choose_entries(arguments, *folder);
    return {std::move(folder), std::move(chosen)};
  }
  if (!arguments.stage.empty()) {
    throw Error(ErrorCode::unsupported,
                "a Redis does not tell its entries apart by stage; name their keys, or copy --all of them");
  }
  OpenOptions options = failing();
  options.access = TierAccess::read_only;
  return {open_cache(urls, options),
          {arguments.all ? list_redis_keys(servers.front().url) : whole_keys(arguments.keys)}};
}

/// A chain would answer for its nearest tier, in which a copy for others is of no use.
std::shared_ptr<CacheBackend> open_destination(const std::string& url) {
  const std::vector<TierUrl> tiers = split_tiers(url);
  const bool keeps = !disk_tiers(url).empty() || !redis_tiers(url).empty();
  if (tiers.size() != 1 || !keeps) {
    throw Error(ErrorCode::invalid_argument, "'" + redacted_urls(url) +
                                                 "' is not what entries can be copied to; give --to one folder "
                                                 "(disk:PATH) or one Redis");
  }
  if (tiers.front().access == TierAccess::read_only) {
    throw Error(ErrorCode::invalid_argument, "'" + redacted_urls(url) + "' is for reading only; leave out mode=read");
  }
  return open_cache(url, failing());
}

/// One that was not copied, and why.
struct Failure {
  Key key;
  std::string reason;
  std::string detail;
};

/// What all copies came to. A plain value.
struct Copies {
  std::uint64_t copied = 0;
  std::uint64_t bytes = 0;
  std::uint64_t there = 0;
  std::uint64_t gone = 0;  ///< had expired, or was removed by others, since the entries were chosen
  std::vector<Failure> failures;
  bool damaged = false;

  void add(const Key& key, CopyResult result, bool named) {
    switch (result.outcome) {
      case CopyOutcome::copied:
        ++copied;
        bytes += result.stored_bytes;
        return;
      case CopyOutcome::there:
        ++there;
        return;
      case CopyOutcome::declined:
        failures.push_back({key, "declined", std::move(result.detail)});
        return;
      case CopyOutcome::missed:
        if (!named && (result.reason == MissReason::absent || result.reason == MissReason::expired)) {
          ++gone;
          return;
        }
        damaged = damaged || is_damage(result.reason);
        failures.push_back({key, std::string(to_string(result.reason)), std::move(result.detail)});
        return;
    }
  }

  [[nodiscard]] ExitCode exit_code() const noexcept {
    if (damaged) return ExitCode::damaged;
    return failures.empty() ? ExitCode::ok : ExitCode::failed;
  }

 private:
  [[nodiscard]] static bool is_damage(MissReason reason) noexcept {
    return reason == MissReason::half || reason == MissReason::torn || reason == MissReason::corrupt ||
           reason == MissReason::foreign;
  }
};

void print_failures(const std::vector<Failure>& failures) {
  TextTable table({{"not copied"}, {"reason"}, {"detail"}});
  for (std::size_t i = 0; i < std::min(failures.size(), kShownFailures); ++i) {
    table.add({failures[i].key.text(), failures[i].reason, printable(failures[i].detail)});
  }
  fmt::print("{}", table.text(output_width()));
  if (failures.size() > kShownFailures) {
    fmt::print("and {} more; --json has all\n", failures.size() - kShownFailures);
  }
}

void print_text(const Copies& copies, std::size_t left) {
  if (!copies.failures.empty()) print_failures(copies.failures);
  fmt::print("copied {} ({})", count_text(copies.copied, "entry", "entries"), bytes_text(copies.bytes));
  if (copies.there > 0) fmt::print(", {} there already", copies.there);
  if (copies.gone > 0) fmt::print(", {} no longer here", copies.gone);
  if (!copies.failures.empty()) fmt::print(", {} not copied", copies.failures.size());
  fmt::print("\n");
  if (left > 0) fmt::print("{}", left_text(left, "copy"));
}

Json json_of(const Copies& copies, std::size_t left) {
  Json failures = Json::array();
  for (const Failure& failure : copies.failures) {
    failures.push_back({{"key", failure.key.text()}, {"reason", failure.reason}, {"detail", failure.detail}});
  }
  return {{"copied", copies.copied}, {"bytes", copies.bytes}, {"there", copies.there},
          {"gone", copies.gone},     {"left", left},          {"not_copied", std::move(failures)}};
}

}  // namespace

ExitCode copy_command(const CopyArguments& arguments, const Surroundings& surroundings) {
  require_one_choice(arguments);
  const std::shared_ptr<CacheBackend> to = open_destination(arguments.to);
  const Interrupt interrupt;
  const Source from = open_source(arguments, surroundings.cache_url(arguments.cache));
  Copies copies;
  {
    CounterLine counter(surroundings.terminal, "copying", from.chosen.keys.size());
    for (const Key& key : from.chosen.keys) {
      if (interrupt.requested()) break;
      copies.add(key, copy_entry(*from.cache, *to, key), !arguments.keys.empty());
      counter.advance();
    }
  }
  if (arguments.json) {
    print_json(json_of(copies, from.chosen.left));
  } else {
    print_text(copies, from.chosen.left);
  }
  return interrupt.requested() ? ExitCode::interrupted : copies.exit_code();
}

}  // namespace neve::cli
