#include <chrono>
#include <map>
#include <thread>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>

#include "cli/cache_choice.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/quantity.hpp"

namespace neve::cli {
namespace {

/// What all slices of a collection did. A plain value.
struct Collected {
  std::map<RemovalReason, std::uint64_t> removed;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::size_t temporaries = 0;
  Json keys = Json::array();

  void add(const CollectReport& report) {
    for (const Removal& removal : report.removed) {
      ++removed[removal.reason];
      ++entries;
      keys.push_back({{"key", removal.key.text()}, {"bytes", removal.bytes}, {"reason", to_string(removal.reason)}});
    }
    bytes += report.bytes_freed;
    temporaries += report.stale_temporaries;
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

}  // namespace

ExitCode collect_command(const CollectArguments& arguments, const Surroundings& surroundings) {
  CollectOptions options;
  options.mode = arguments.dry_run ? CollectMode::dry_run : CollectMode::remove;
  if (!arguments.budget.empty()) options.budget_bytes = parse_byte_size(arguments.budget);
  options.budget_files = arguments.files;
  const Interrupt interrupt;
  const auto cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::change);
  Collected collected;
  constexpr auto kPatience = std::chrono::seconds(30);
  auto wait_until = std::chrono::steady_clock::now() + kPatience;
  for (bool complete = false; !complete;) {
    if (interrupt.requested()) return ExitCode::interrupted;
    const CollectReport report = cache->collect(options);
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
  if (arguments.json) {
    fmt::print("{}\n", dump_spaced_json({{"dry_run", arguments.dry_run},
                                         {"removed", collected.keys},
                                         {"bytes_freed", collected.bytes},
                                         {"stale_temporaries", collected.temporaries}}));
  } else {
    print_text(collected, arguments.dry_run);
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
