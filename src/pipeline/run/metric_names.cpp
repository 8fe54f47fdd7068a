#include "pipeline/run/metric_names.hpp"

namespace neve {
namespace {

std::string plain_name(const MetricSource& source) { return source.node + "." + source.metric; }

}  // namespace

std::set<MetricSource> metric_sources(const RunResult& result) {
  std::set<MetricSource> sources;
  for (const auto& [node, stage] : result.stages) {
    for (const auto& [metric, value] : stage->metrics) sources.insert({node, metric});
  }
  return sources;
}

std::map<std::string, MetricSource> named_metrics(const std::set<MetricSource>& sources) {
  std::map<std::string, std::size_t> uses;
  for (const MetricSource& source : sources) ++uses[plain_name(source)];
  std::map<std::string, MetricSource> named;
  for (const MetricSource& source : sources) {
    const std::string name = plain_name(source);
    named.emplace(uses[name] == 1 ? name : name + " (" + source.node + ")", source);
  }
  return named;
}

}  // namespace neve
