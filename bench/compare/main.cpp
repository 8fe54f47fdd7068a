// neve_compare: how fast is neve beside its peers and beside what the machine can do? One run, cases in turn, ratios.
//
// Usage: neve_compare PEERS_SCRIPT NEVE_COMMAND PIPELINE_FILE [--quick] [--only GROUP]
// GROUP is one of get, put, digest, graph, example and redis.
// Exit code 0 even where a claim falls short (marked '-'), because a loaded machine is not a defect; 1 if it cannot
// run.

#include "fresh_folder.hpp"
#include "groups.hpp"
#include "inputs.hpp"
#include "peer_process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>

namespace neve::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kGroups{"get", "put", "digest", "graph", "example", "redis"};

struct Arguments {
  fs::path peers_script;
  fs::path neve;
  fs::path pipeline;
  bool quick = false;
  std::optional<std::string> only;

  [[nodiscard]] bool wants(std::string_view group) const { return !only || *only == group; }
};

/// Throws `invalid_argument` with what the usage is.
Arguments parse(std::span<char*> words) {
  Arguments arguments;
  std::vector<std::string> places;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word = words[i];
    if (word == "--quick") {
      arguments.quick = true;
    } else if (word == "--only" && i + 1 < words.size()) {
      arguments.only = words[++i];
    } else {
      places.push_back(word);
    }
  }
  const bool known = !arguments.only || std::find(kGroups.begin(), kGroups.end(), *arguments.only) != kGroups.end();
  if (places.size() != 3 || !known) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("usage: neve_compare PEERS_SCRIPT NEVE_COMMAND PIPELINE_FILE [--quick] [--only {}]",
                            fmt::join(kGroups, "|")));
  }
  arguments.peers_script = places[0];
  arguments.neve = places[1];
  arguments.pipeline = places[2];
  return arguments;
}

/// Returns, as the groups do, how many claims fell short.
int run_get_and_put(const Arguments& arguments, const fs::path& folder) {
  PeerProcess peers(arguments.peers_script, folder);
  fmt::print("peers: {}\n", peers.description());
  int short_of = 0;
  for (const std::string size : {"8k", "1m", "64m"}) {
    const int rounds = arguments.quick ? 3 : size == "64m" ? 5 : 15;
    for (const std::string kind : {"random", "smooth"}) {
      if (arguments.wants("get")) short_of += run_get(folder, peers, size, kind, rounds);
      if (arguments.wants("put")) short_of += run_put(folder, peers, size, kind, rounds);
    }
  }
  return short_of;
}

int run_groups(const Arguments& arguments, const fs::path& folder) {
  int short_of = 0;
  if (arguments.wants("get") || arguments.wants("put")) short_of += run_get_and_put(arguments, folder);
  if (arguments.wants("digest")) short_of += run_digest(arguments.quick ? 3 : 9);
  if (arguments.wants("graph")) short_of += run_warm_graph(folder, arguments.quick ? 3 : 15);
  if (arguments.wants("example")) short_of += run_example(folder, arguments.neve, arguments.pipeline);
#ifdef NEVE_BENCH_REDIS
  if (arguments.wants("redis")) {
    fs::path script = arguments.peers_script;
    short_of += run_redis(folder, script.replace_filename("redis_peers.py"), arguments.quick);
  }
#endif
  return short_of;
}

}  // namespace
}  // namespace neve::bench

int main(int count, char** words) try {
  const neve::bench::Arguments arguments = neve::bench::parse({words, static_cast<std::size_t>(count)});
  const neve::bench::FreshFolder folder;
  std::filesystem::create_directory(folder.path() / "numpy-written");  // for the peers
  neve::bench::write_inputs(folder.path());
  const int short_of = neve::bench::run_groups(arguments, folder.path());
  fmt::print("\n{}\n", short_of == 0 ? "every claim holds" : fmt::format("{} claims fell short, marked '-'", short_of));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "neve_compare: {}\n", error.what());
  return 1;
}
