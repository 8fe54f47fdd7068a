
#include <fmt/format.h>

#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/terminal/counter_line.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

struct Finding {
  Key key;
  Verification verdict;
};

/// What all checks came to. A plain value.
struct Verdicts {
  std::uint64_t checked = 0;
  std::uint64_t sound = 0;
  std::uint64_t expired = 0;
  std::uint64_t bytes = 0;
  std::vector<Finding> damaged;
  std::vector<Finding> unreadable;   ///< for want of permission, most likely
  std::vector<Finding> unsupported;  ///< sound as far as one can see, but of a kind that neve does not hold

  void add(const Key& key, Verification verdict) {
    ++checked;
    bytes += verdict.stored_bytes;
    if (verdict.reason == MissReason::none) {
      ++sound;
    } else if (verdict.reason == MissReason::expired) {
      ++expired;
    } else if (verdict.reason == MissReason::absent) {
      --checked;  // somebody removed it meanwhile
    } else if (verdict.reason == MissReason::unavailable) {
      unreadable.push_back({key, std::move(verdict)});
    } else if (verdict.reason == MissReason::unsupported) {
      unsupported.push_back({key, std::move(verdict)});
    } else {
      damaged.push_back({key, std::move(verdict)});
    }
  }
};

void print_text(const Verdicts& verdicts) {
  TextTable table({{"key"}, {"damage"}, {"detail"}});
  bool any = false;
  for (const auto* findings : {&verdicts.damaged, &verdicts.unreadable, &verdicts.unsupported}) {
    for (const auto& [key, verdict] : *findings) {
      table.add({key.text(), std::string(to_string(verdict.reason)), printable(verdict.detail)});
      any = true;
    }
  }
  if (any) fmt::print("{}", table.text());
  fmt::print("{} checked ({}): {} sound, {} expired, {} damaged", count_text(verdicts.checked, "entry", "entries"),
             bytes_text(verdicts.bytes), verdicts.sound, verdicts.expired, verdicts.damaged.size());
  if (!verdicts.unreadable.empty()) fmt::print(", {} that cannot be read", verdicts.unreadable.size());
  if (!verdicts.unsupported.empty()) fmt::print(", {} of a kind that neve does not read", verdicts.unsupported.size());
  fmt::print("\n");
  if (!verdicts.damaged.empty())
    fmt::print("A damaged entry is never served; its stage computes it anew. 'neve rm KEY' removes it now.\n");
}

Json list_of(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"key", finding.key.text()},
                    {"reason", to_string(finding.verdict.reason)},
                    {"detail", finding.verdict.detail}});
  }
  return list;
}

Json json_of(const Verdicts& verdicts) {
  return {{"checked", verdicts.checked},
          {"sound", verdicts.sound},
          {"expired", verdicts.expired},
          {"bytes", verdicts.bytes},
          {"damaged", list_of(verdicts.damaged)},
          {"unreadable", list_of(verdicts.unreadable)},
          {"unsupported", list_of(verdicts.unsupported)}};
}

}  // namespace

ExitCode verify_command(const VerifyArguments& arguments, const Surroundings& surroundings) {
  const Interrupt interrupt;
  const auto cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::look);
  std::vector<Key> keys;
  for (const std::string& text : arguments.keys) keys.push_back(resolve_key(*cache, text));
  if (arguments.keys.empty()) keys = all_keys(*cache);
  Verdicts verdicts;
  {
    CounterLine counter(surroundings.terminal, "verifying", keys.size());
    for (const Key& key : keys) {
      if (interrupt.requested()) return ExitCode::interrupted;
      verdicts.add(key, cache->verify(key));
      counter.advance();
    }
  }
  if (arguments.json) {
    print_json(json_of(verdicts));
  } else {
    print_text(verdicts);
  }
  if (!verdicts.damaged.empty()) return ExitCode::damaged;
  return verdicts.unreadable.empty() ? ExitCode::ok : ExitCode::io;
}

}  // namespace neve::cli
