#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/run.hpp>

namespace neve {

/// Stages one after another: each gets the state of the one before, the first the run's input if it takes one.
///
///     neve::Pipeline chain("chain");
///     chain.add<Source>("source", {.peak_w = 1e4}).add<Fiber>("fiber", {.length_m = 0.15});
///     neve::RunResult result = chain.run({.cache = cache.get()});
///
/// Not thread-safe while being built; const afterwards.
class Pipeline {
 public:
  /// Throws as `Graph`.
  explicit Pipeline(std::string name) : graph_(std::move(name)) {}

  /// Adds a stage after the last one. Throws as `Graph::add`.
  Pipeline& add(std::string id, StagePtr stage, NodeOptions options = {});

  template <class S>
  Pipeline& add(std::string id, typename S::ConfigType config = {}, NodeOptions options = {}) {
    return add(std::move(id), make_stage<S>(std::move(config)), std::move(options));
  }

  /// Adds a pipeline or graph as one stage; its stages join as `id/inner`.
  Pipeline& add(std::string id, const Graph& inner);
  Pipeline& add(std::string id, const Pipeline& inner) { return add(std::move(id), inner.graph()); }

  /// As `Graph::set`.
  Pipeline& set(std::string_view path, const Json& value);

  [[nodiscard]] const Graph& graph() const noexcept { return graph_; }

  /// As the free functions of these names.
  [[nodiscard]] RunResult run(const RunOptions& options = {}) const { return neve::run(graph_, options); }
  [[nodiscard]] RunResult try_run(const RunOptions& options = {}) const { return neve::try_run(graph_, options); }

 private:
  [[nodiscard]] std::vector<std::string> needs_of_next() const;
  Pipeline& follow(std::string id);

  Graph graph_;
  std::string last_;
};

}  // namespace neve
