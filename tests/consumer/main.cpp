// A pipeline of somebody else's: computed once, found once, and the same result both times.

#include <cstdio>
#include <tuple>
#include <vector>

#include <neve/cache/memory_cache.hpp>
#include <neve/pipeline/function_stage.hpp>
#include <neve/pipeline/pipeline.hpp>

namespace {

struct Samples {
  std::vector<double> values;
  static auto state_fields() { return std::tuple{neve::state_field("values", &Samples::values)}; }
};

struct RampConfig {
  std::int64_t points = 5;
  static auto fields() { return neve::fields<RampConfig>(neve::field("points", &RampConfig::points).above(0)); }
};

neve::Pipeline squares() {
  neve::Pipeline pipeline("squares");
  pipeline.add("ramp", neve::make_stage("ramp", "1", RampConfig{}, [](const RampConfig& config, neve::StageContext&) {
                 Samples ramp;
                 for (std::int64_t i = 0; i < config.points; ++i) {
                   ramp.values.push_back(static_cast<double>(i));
                 }
                 return ramp;
               }));
  pipeline.add("square", neve::make_stage("square", "1", neve::NoConfig{},
                                          [](const neve::NoConfig&, const Samples& ramp, neve::StageContext&) {
                                            Samples squared = ramp;
                                            for (double& value : squared.values) {
                                              value *= value;
                                            }
                                            return squared;
                                          }));
  return pipeline;
}

}  // namespace

int main() {
  neve::MemoryCache cache({});
  const neve::Pipeline pipeline = squares();
  const neve::RunResult computed = pipeline.run({.cache = &cache});
  const neve::RunResult found = pipeline.run({.cache = &cache});
  std::fputs(found.report.table().c_str(), stdout);

  const bool same = computed.get<Samples>().values == found.get<Samples>().values;
  const bool hits = found.report.totals().outcomes.at("hit") == 2;
  return same && hits ? 0 : 1;
}
