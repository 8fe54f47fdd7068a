#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/cache/redis_diagnosis.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/built_in.hpp"
#include "cli/program/version.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

/// Something that is not as it should be, and what to do about it.
struct Problem {
  std::string what;
  std::string remedy;
  std::vector<std::string> servers{};  ///< addresses of those that have it; empty: of none in particular
};

/// Nodes of a cluster are mostly set up alike: what is wrong with several is said once, with their names.
void add_problem(std::vector<Problem>& problems, RedisProblem found) {
  const auto same = [&](const Problem& known) { return known.what == found.what && known.remedy == found.remedy; };
  auto at = std::find_if(problems.begin(), problems.end(), same);
  if (at == problems.end()) {
    at = problems.insert(at, Problem{std::move(found.what), std::move(found.remedy)});
  }
  const bool named = std::find(at->servers.begin(), at->servers.end(), found.server) != at->servers.end();
  if (!found.server.empty() && !named) at->servers.push_back(std::move(found.server));
}

std::vector<Problem> problems_of(const DiskHealth& health) {
  std::vector<Problem> problems;
  const auto say = [&problems](std::string what, std::string remedy) {
    problems.push_back({std::move(what), std::move(remedy)});
  };
  if (!health.writable) {
    say("the folder cannot be written: " + health.read_only_because,
        "results are found but not kept; make it writable for you, or choose another with --cache");
  }
  if (health.owner_uid != ::geteuid()) {
    say("the folder belongs to " + health.owner + ", not to you",
        "fine if it is shared on purpose; otherwise choose a folder of your own, since its owner can change results");
  }
  constexpr std::uint64_t kLittle = std::uint64_t{1} << 30;
  if (health.free_bytes < kLittle) {
    say("only " + bytes_text(health.free_bytes) + " are free on its disk",
        "make room with 'neve gc --budget SIZE', or give the cache a budget: disk:PATH?budget=SIZE");
  }
  if (health.quarantined_files > 0) {
    say(count_text(health.quarantined_files, "damaged file is", "damaged files are") + " in quarantine (" +
            bytes_text(health.quarantined_bytes) + ")",
        "they are never served; run 'neve verify', and suspect the disk if there are more each time. Removing "
        ".neve/quarantine is safe");
  }
  if (health.stale_temporaries > 0) {
    say(count_text(health.stale_temporaries, "leftover", "leftovers") + " of interrupted stores",
        "'neve gc' removes them");
  }
  return problems;
}

void add_row(TextTable& table, const char* name, const std::string& value) { table.add({name, printable(value)}); }

std::string cache_text(const DiskHealth& health) {
  TextTable table({{"cache"}, {""}});
  add_row(table, "  folder", health.folder);
  add_row(table, "  access", health.writable ? "read and write" : "read only");
  add_row(table, "  owner", health.owner);
  add_row(table, "  disk", fmt::format("{}, {} free", health.filesystem, bytes_text(health.free_bytes)));
  add_row(table, "  holds",
          fmt::format("{}{}, {}", health.usage.exact ? "" : "about ",
                      count_text(health.usage.entries, "entry", "entries"), bytes_text(health.usage.bytes)));
  add_row(table, "  ledger", health.ledger);
  return table.text();
}

Json json_of(const DiskHealth& health) {
  return {{"folder", health.folder},
          {"writable", health.writable},
          {"read_only_because", health.read_only_because},
          {"owner", health.owner},
          {"filesystem", health.filesystem},
          {"free_bytes", health.free_bytes},
          {"ledger", health.ledger},
          {"entries", health.usage.entries},
          {"bytes", health.usage.bytes},
          {"exact", health.usage.exact},
          {"stale_temporaries", health.stale_temporaries},
          {"quarantined_files", health.quarantined_files},
          {"quarantined_bytes", health.quarantined_bytes}};
}

Json json_of(const std::vector<Problem>& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) {
    list.push_back({{"problem", problem.what}, {"remedy", problem.remedy}, {"servers", problem.servers}});
  }
  return list;
}

std::string text_of(const Problem& problem) {
  std::string text = fmt::format("problem: {}\n", printable(problem.what));
  if (!problem.servers.empty()) {
    text += fmt::format("  {}: {}\n", problem.servers.size() == 1 ? "server" : "servers",
                        printable(fmt::format("{}", fmt::join(problem.servers, ", "))));
  }
  return text + fmt::format("  remedy: {}\n", problem.remedy);
}

std::string server_text(const RedisDiagnosis& diagnosis) {
  TextTable table({{"server"}, {""}});
  for (const auto& [name, value] : diagnosis.facts) add_row(table, ("  " + name).c_str(), value);
  return table.text();
}

Json json_of(const RedisDiagnosis& diagnosis, const std::string& url) {
  Json facts = Json::array();
  for (const auto& [name, value] : diagnosis.facts) facts.push_back({{"name", name}, {"value", value}});
  return {{"url", url}, {"facts", std::move(facts)}};
}

std::string built_in_text(const BuiltIn& built_in) {
  TextTable table({{"neve"}, {kVersion}});
  for (const auto& [library, version] : built_in.libraries) add_row(table, ("  " + library).c_str(), version);
  std::string stages;
  for (const std::string& stage : built_in.stages) stages += (stages.empty() ? "" : ", ") + stage;
  add_row(table, "  stages", stages.empty() ? "none compiled in" : stages);
  // What is missing is named by the option that a build of one's own would set.
  const auto add_part = [&table](const char* name, bool there, const char* option) {
    add_row(table, name, there ? "yes" : std::string("no (CMake option ") + option + ")");
  };
  add_part("  optics", built_in.optics, "NEVE_OPTICS");
  add_part("  redis", built_in.redis, "NEVE_REDIS");
  add_part("  datasets", built_in.datasets, "NEVE_DATASETS");
  add_part("  service", built_in.service, "NEVE_SERVICE");
  add_part("  prometheus", built_in.prometheus, "NEVE_PROMETHEUS");
  return table.text();
}

/// What was found out about the caches that a list of URLs names. A plain value.
struct Findings {
  std::optional<DiskHealth> folder;
  std::vector<std::pair<std::string, RedisDiagnosis>> servers;  ///< by redacted URL
  std::vector<Problem> problems;
};

void examine_folder(const std::string& urls, Findings& findings) {
  try {
    findings.folder = open_disk(urls, Purpose::change)->doctor();  // as a run would open it
    findings.problems = problems_of(*findings.folder);
  } catch (const Error& error) {
    findings.problems.push_back(
        {error.what(), "correct --cache or NEVE_CACHE, or run a pipeline first: it makes the folder"});
  }
}

void examine_servers(const std::vector<TierUrl>& servers, Findings& findings) {
  for (const TierUrl& server : servers) {
    try {
      RedisDiagnosis diagnosis = diagnose_redis(server.url, server.access);
      for (const RedisProblem& problem : diagnosis.problems) add_problem(findings.problems, problem);
      findings.servers.emplace_back(redacted_urls(server.url), std::move(diagnosis));
    } catch (const Error& error) {
      findings.problems.push_back({error.what(), error.code() == ErrorCode::unsupported
                                                     ? "use a neve that was built with Redis"
                                                     : "correct --cache or NEVE_CACHE"});
    }
  }
}

Findings examine(const std::string& urls) {
  Findings findings;
  try {
    const std::vector<TierUrl> servers = redis_tiers(urls);
    if (!disk_tiers(urls).empty()) {
      examine_folder(urls, findings);
    } else if (servers.empty()) {
      (void)open_chosen_cache(urls, Purpose::look);  // of what lies in memory there is nothing to examine but the URL
    }
    examine_servers(servers, findings);
  } catch (const Error& error) {
    findings.problems.push_back({error.what(), "correct --cache or NEVE_CACHE"});
  }
  return findings;
}

}  // namespace

ExitCode doctor_command(const DoctorArguments& arguments, const Surroundings& surroundings) {
  const BuiltIn built_in = what_is_built_in(surroundings.registry);
  const std::string urls = surroundings.cache_url(arguments.cache);
  const Findings findings = examine(urls);
  if (arguments.json) {
    Json servers = Json::array();
    for (const auto& [url, diagnosis] : findings.servers) servers.push_back(json_of(diagnosis, url));
    print_json({{"built_in", built_in.to_json()},
                {"url", redacted_urls(urls)},
                {"cache", findings.folder ? json_of(*findings.folder) : Json(nullptr)},
                {"servers", std::move(servers)},
                {"problems", json_of(findings.problems)}});
  } else {
    fmt::print("{}\nurl     {}\n{}", built_in_text(built_in), redacted_urls(urls),
               findings.folder ? cache_text(*findings.folder) : "");
    for (const auto& [url, diagnosis] : findings.servers) fmt::print("{}", server_text(diagnosis));
    for (const Problem& problem : findings.problems) fmt::print("\n{}", text_of(problem));
    if (findings.problems.empty()) fmt::print("\nno problems found\n");
  }
  return findings.problems.empty() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace neve::cli
