#include <neve/base/error.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/neve.hpp>

#include "groups.hpp"
#include "inputs.hpp"
#include "measurement.hpp"

namespace neve::bench {
namespace {

constexpr int kNodes = 100;

struct Samples {
  std::vector<double> field;
  static auto state_fields() { return std::tuple{state_field("field", &Samples::field)}; }
};

struct StepConfig {
  double factor = 1.5;
  static auto fields() { return neve::fields<StepConfig>(neve::field("factor", &StepConfig::factor)); }
};

struct Source : Stage<NoConfig, Samples> {
  static constexpr std::string_view kName = "bench.source";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  [[nodiscard]] Samples run(StageContext&) const { return {make_input("8k", "random")}; }
};

struct Step : Stage<StepConfig, Samples, Samples> {
  static constexpr std::string_view kName = "bench.step";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  [[nodiscard]] Samples run(const Samples& in, StageContext&) const {
    Samples out = in;
    for (double& value : out.field) value *= config().factor;
    return out;
  }
};

Graph make_chain() {
  Graph graph("chain");
  graph.add<Source>("source", {});
  std::string last = "source";
  for (int i = 1; i < kNodes; ++i) {
    const std::string id = "step" + std::to_string(i);
    graph.add<Step>(id, {.factor = 1 + 1e-3 * i}, {last});
    last = id;
  }
  return graph;
}

}  // namespace

int run_warm_graph(const std::filesystem::path& folder, int rounds) {
  const auto cache = open_cache("disk:" + (folder / "graph").string());
  const Graph graph = make_chain();
  RunOptions options;
  options.cache = cache.get();
  options.keep = KeepStates::output;
  const RunResult cold = run(graph, options);
  std::vector<Key> keys;
  for (const StageReport& stage : cold.report.stages) keys.emplace_back(stage.key);

  Group group("a warm chain of 100 nodes with 8 KB states, per node", rounds);
  double overhead_us = 0;
  group.add("lookup alone", [&] {
    return time_us(1,
                   [&] {
                     for (const Key& key : keys) {
                       if (!cache->lookup(key, {}).hit())
                         throw Error(ErrorCode::internal, "a benchmark's lookup missed");
                     }
                   }) /
           kNodes;
  });
  group.add("run, per node", [&] { return time_us(1, [&] { (void)run(graph, options); }) / kNodes; });
  group.add("run less lookup", [&]() -> std::optional<double> {
    const double lookups = time_us(1, [&] {
      for (const Key& key : keys) (void)cache->lookup(key, {});
    });
    const double whole = time_us(1, [&] { (void)run(graph, options); });
    overhead_us = (whole - lookups) / kNodes;
    return overhead_us;
  });
  group.add("allowed: 10 us", [] { return 10.0; });
  group.claim("a warm node's cost beyond its get, within 10 us", "run less lookup", "allowed: 10 us", 1);
  return group.run();
}

}  // namespace neve::bench
