#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>

#include <neve/pipeline/run.hpp>

namespace neve {

/// A metric and the node that has it. A plain value.
struct MetricSource {
  std::string node;
  std::string metric;

  friend auto operator<=>(const MetricSource&, const MetricSource&) = default;
};

/// Those of the stages that succeeded.
[[nodiscard]] std::set<MetricSource> metric_sources(const RunResult& result);

/// The metrics by name, `node.metric`. Both parts may hold dots: where two would have one name, the node follows it.
[[nodiscard]] std::map<std::string, MetricSource> named_metrics(const std::set<MetricSource>& sources);

}  // namespace neve
