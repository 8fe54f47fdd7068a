#include <chrono>
#include <map>
#include <thread>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/open_redis.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

/// What all slices of a collection did. A plain value.
struct Collected {
  std::map<RemovalReason, std::uint64_t> removed;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::size_t temporaries = 0;
  Json keys = Json::array();
  BlobSweep blobs;
  bool blobs_swept = false;

  void add(const CollectReport& report) {
    for (const Removal& removal : report.removed) {
      ++removed[removal.reason];
      ++entries;
      keys.push_back({{"key", removal.key.text()}, {"bytes", removal.bytes}, {"reason", to_string(removal.reason)}});
    }
    bytes += report.bytes_freed;
    temporaries += report.stale_temporaries;
  }
  void add(const BlobSweep& sweep) {
    blobs_swept = true;
    blobs.kept += sweep.kept;
    blobs.removed += sweep.removed;
    blobs.removed_bytes += sweep.removed_bytes;
  }
};

void print_text(const Collected& collected, bool dry_run) {
  std::string reasons;
  for (const auto& [reason, count] : collected.removed) {
    std::string name(to_string(reason));
    for (char& c : name) c = c == '_' ? ' ' : c;
    reasons += fmt::format("{}{} {}", reasons.empty() ? " (" : ", ", count, name);
  }
  if (!reasons.empty()) reasons += ")";
  fmt::print("{} {}{}, {} freed\n", dry_run ? "would remove" : "removed",
             count_text(collected.entries, "entry", "entries"), reasons, bytes_text(collected.bytes));
  if (collected.temporaries > 0) {
    fmt::print(
        "{} {}\n", dry_run ? "would remove" : "removed",
        count_text(collected.temporaries, "leftover of an interrupted store", "leftovers of interrupted stores"));
  }
}

void print_blobs(const Collected& collected, bool dry_run) {
  fmt::print("{} {} that no entry points to, {} freed; {} kept\n", dry_run ? "would remove" : "removed",
             count_text(collected.blobs.removed, "blob", "blobs"), bytes_text(collected.blobs.removed_bytes),
             collected.blobs.kept);
}

Json json_of(const BlobSweep& blobs) {
  return {{"kept", blobs.kept}, {"removed", blobs.removed}, {"removed_bytes", blobs.removed_bytes}};
}

/// Slice by slice, until nothing is left to do; false if interrupted.
bool collect_folder(DiskCache& cache, const CollectOptions& options, const Interrupt& interrupt, Collected& collected) {
  constexpr auto kPatience = std::chrono::seconds(30);
  auto wait_until = std::chrono::steady_clock::now() + kPatience;
  for (bool complete = false; !complete;) {
    if (interrupt.requested()) return false;
    const CollectReport report = cache.collect(options);
    if (report.busy) {
      if (std::chrono::steady_clock::now() > wait_until) {
        throw Error(ErrorCode::unavailable,
                    "another process has been cleaning this cache for half a minute; try again later");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      continue;
    }
    wait_until = std::chrono::steady_clock::now() + kPatience;
    collected.add(report);
    complete = report.complete;
  }
  return true;
}

}  // namespace

ExitCode collect_command(const CollectArguments& arguments, const Surroundings& surroundings) {
  CollectOptions options;
  options.mode = arguments.dry_run ? CollectMode::dry_run : CollectMode::remove;
  if (!arguments.budget.empty()) options.budget_bytes = parse_byte_size(arguments.budget);
  options.budget_files = arguments.files;
  const Interrupt interrupt;
  const std::string urls = surroundings.cache_url(arguments.cache);
  std::vector<TierUrl> servers = redis_tiers(urls);
  if (std::erase_if(servers, [](const TierUrl& server) { return server.access == TierAccess::read_only; }) > 0 &&
      servers.empty() && disk_tiers(urls).empty()) {
    throw Error(ErrorCode::unavailable, "'" + redacted_urls(urls) + "' is for reading only; nothing is removed there");
  }
  const bool folder = servers.empty() || !disk_tiers(urls).empty();
  Collected collected;
  if (folder && !collect_folder(*open_disk(urls, Purpose::change), options, interrupt, collected)) {
    return ExitCode::interrupted;
  }
  // A server evicts by itself; what it cannot see are the files that its entries point to.
  for (const TierUrl& server : servers) {
    if (const auto sweep = collect_redis_blobs(server.url, options.mode)) collected.add(*sweep);
  }
  if (arguments.json) {
    print_json({{"dry_run", arguments.dry_run},
                {"removed", collected.keys},
                {"bytes_freed", collected.bytes},
                {"stale_temporaries", collected.temporaries},
                {"blobs", json_of(collected.blobs)}});
  } else {
    if (folder) print_text(collected, arguments.dry_run);
    if (collected.blobs_swept) print_blobs(collected, arguments.dry_run);
    if (!folder && !collected.blobs_swept) {
      fmt::print("nothing to collect: a Redis evicts by itself, and the URL names no blob folder ('blobs=')\n");
    }
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
