// neve_compare: how fast is neve beside its peers and beside what the machine can do? One run, cases in turn, ratios.
//
// Usage: neve_compare PEERS_SCRIPT NEVE_COMMAND PIPELINE_FILE [--quick] [--only GROUP]
// GROUP is one of get, put, digest, graph, example and redis.
// Exit code 0 even where a claim falls short (marked '-'), because a loaded machine is not a defect; 1 if it cannot
// run.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "groups.hpp"
#include "inputs.hpp"
#include "peer_process.hpp"

#include <unistd.h>

int main(int count, char** arguments) try {
  if (count < 4) {
    fmt::print(stderr, "usage: neve_compare PEERS_SCRIPT NEVE_COMMAND PIPELINE_FILE [--quick] [--only GROUP]\n");
    return 1;
  }
  const std::vector<std::string> flags(arguments + 4, arguments + count);
  const bool quick = std::find(flags.begin(), flags.end(), "--quick") != flags.end();
  const auto only = std::find(flags.begin(), flags.end(), "--only");
  const std::string group = only == flags.end() ? "" : only + 1 == flags.end() ? "nothing" : only[1];
  static constexpr std::array<const char*, 7> kGroups{"", "get", "put", "digest", "graph", "example", "redis"};
  if (std::find(kGroups.begin(), kGroups.end(), group) == kGroups.end()) {
    fmt::print(stderr, "neve_compare: --only {}: it is one of get, put, digest, graph, example and redis\n", group);
    return 1;
  }
  const auto wanted = [&](const char* name) { return group.empty() || group == name; };
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("neve-bench-" + std::to_string(::getpid()));
  fs::create_directories(folder / "numpy-written");
  neve::bench::write_inputs(folder);
  int short_of = 0;
  if (wanted("get") || wanted("put")) {
    neve::bench::PeerProcess peers(arguments[1], folder);
    fmt::print("peers: {}\n", peers.description());
    for (const char* size : {"8k", "1m", "64m"}) {
      const bool large = std::string(size) == "64m";
      const int rounds = quick ? 3 : large ? 5 : 15;
      for (const char* kind : {"random", "smooth"}) {
        if (wanted("get")) short_of += neve::bench::run_get(folder, peers, size, kind, rounds);
        if (wanted("put")) short_of += neve::bench::run_put(folder, peers, size, kind, rounds);
      }
    }
  }
  if (wanted("digest")) short_of += neve::bench::run_digest(quick ? 3 : 9);
  if (wanted("graph")) short_of += neve::bench::run_warm_graph(folder, quick ? 3 : 15);
  if (wanted("example")) short_of += neve::bench::run_example(folder, arguments[2], arguments[3]);
#ifdef NEVE_BENCH_REDIS
  if (wanted("redis")) {
    short_of += neve::bench::run_redis(folder, fs::path(arguments[1]).replace_filename("redis_peers.py"), quick);
  }
#endif
  fs::remove_all(folder);
  fmt::print("\n{}\n", short_of == 0 ? "every claim holds" : fmt::format("{} claims fell short, marked '-'", short_of));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "neve_compare: {}\n", error.what());
  return 1;
}
