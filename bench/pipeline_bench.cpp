// What does a warm node cost beyond its cache get? At most 10 us are allowed.
//
// Each round takes the run of a whole warm graph and, right after it, the bare lookups of the same keys, so that both
// see the same machine; `beyond_us` is the difference for one node. Small graphs show what a run costs before its first
// node.
#include <benchmark/benchmark.h>
#include <time.h>

#include <filesystem>
#include <string>
#include <vector>

#include <neve/base/scratch_folder.hpp>
#include <neve/neve.hpp>

namespace {

namespace fs = std::filesystem;

struct Samples {
  std::vector<double> field;
  static auto state_fields() { return std::tuple{neve::state_field("field", &Samples::field)}; }
};

struct StepConfig {
  double factor = 1.5;
  static auto fields() { return neve::fields<StepConfig>(neve::field("factor", &StepConfig::factor)); }
};

neve::StagePtr source() {
  return neve::make_stage("bench.source", "1", neve::NoConfig{}, [](const neve::NoConfig&, neve::StageContext&) {
    return Samples{std::vector<double>(1024, 1.25)};
  });
}

neve::StagePtr step(double factor) {
  return neve::make_stage("bench.step", "1", StepConfig{factor},
                          [](const StepConfig& config, const Samples& in, neve::StageContext& context) {
                            Samples out = in;
                            for (double& value : out.field) value *= config.factor;
                            context.metric("first", out.field.front());
                            return out;
                          });
}

enum class Form { chain, fan };

neve::Graph make_graph(Form form, int nodes) {
  neve::Graph graph("bench");
  graph.add("n0", source());
  for (int i = 1; i < nodes; ++i) {
    const std::string before = "n" + std::to_string(form == Form::chain ? i - 1 : 0);
    graph.add("n" + std::to_string(i), step(1 + 1e-3 * i), {before});
  }
  return graph;
}

/// In memory where there is such a folder, so that the disk does not blur the difference.
fs::path scratch_parent() { return fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path(); }

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void warm_graph(benchmark::State& state, const std::string& kind, Form form) {
  const neve::ScratchFolder folder(scratch_parent(), "bench");
  const auto cache = neve::open_cache(kind == "disk" ? "disk:" + folder.path().string() : "memory:256MiB");
  const int nodes = static_cast<int>(state.range(0));
  const neve::Graph graph = make_graph(form, nodes);
  const neve::RunOptions options{.cache = cache.get(), .keep = neve::KeepStates::output};
  std::vector<neve::Key> keys;
  for (const neve::StageReport& stage : neve::run(graph, options).report.stages) keys.emplace_back(stage.key);

  double run_s = 0, lookup_s = 0, run_cpu_s = 0, lookup_cpu_s = 0;
  for (auto round : state) {
    static_cast<void>(round);
    const double cpu_before = cpu_seconds();
    neve::Stopwatch watch;
    const neve::RunResult result = neve::run(graph, options);
    run_s += watch.seconds();
    run_cpu_s += cpu_seconds() - cpu_before;
    if (result.report.totals().outcomes.at("hit") != keys.size()) state.SkipWithError("a warm run missed");
    const double cpu_lookups = cpu_seconds();
    watch.restart();
    for (const neve::Key& key : keys) benchmark::DoNotOptimize(cache->lookup(key, {}));
    lookup_s += watch.seconds();
    lookup_cpu_s += cpu_seconds() - cpu_lookups;
  }
  const double per_node = 1e6 / (static_cast<double>(state.iterations()) * nodes);
  state.counters["run_us"] = run_s * per_node;
  state.counters["get_us"] = lookup_s * per_node;
  state.counters["beyond_us"] = (run_s - lookup_s) * per_node;
  state.counters["beyond_cpu_us"] = (run_cpu_s - lookup_cpu_s) * per_node;
}

BENCHMARK_CAPTURE(warm_graph, chain_memory, "memory", Form::chain)->Arg(1)->Arg(3)->Arg(100)->Arg(1000);
BENCHMARK_CAPTURE(warm_graph, chain_disk, "disk", Form::chain)->Arg(3)->Arg(100)->Arg(1000);
BENCHMARK_CAPTURE(warm_graph, fan_memory, "memory", Form::fan)->Arg(100)->Arg(1000);
BENCHMARK_CAPTURE(warm_graph, fan_disk, "disk", Form::fan)->Arg(100);

}  // namespace

BENCHMARK_MAIN();
