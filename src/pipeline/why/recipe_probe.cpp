#include <neve/pipeline/recipe_probe.hpp>

#include <mutex>
#include <set>

#include <neve/cache/null_cache.hpp>
#include <neve/pipeline/dry_run.hpp>
#include <neve/pipeline/run.hpp>

namespace neve {
namespace {

/// Answers lookups from another cache and keeps, instead of entries, the recipes they would have been stored with.
class RecipeCatcher final : public CacheBackend {
 public:
  explicit RecipeCatcher(CacheBackend& cache) : cache_(cache) {}

  [[nodiscard]] std::string_view name() const noexcept override { return cache_.name(); }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    return cache_.lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry&, const StoreOptions& options) override {
    const std::lock_guard lock(mutex_);
    recipes_[key.text()] = options.recipe;
    StoreResult result;
    result.stored = true;
    return result;
  }
  bool erase(const Key&) override { return false; }
  [[nodiscard]] bool contains(const Key& key) override { return cache_.contains(key); }
  [[nodiscard]] Usage usage() override { return cache_.usage(); }

  [[nodiscard]] const std::string& recipe(const std::string& key) { return recipes_[key]; }

 private:
  CacheBackend& cache_;
  std::mutex mutex_;
  std::map<std::string, std::string> recipes_;
};

}  // namespace

std::string_view to_string(ProbedStage::State state) {
  switch (state) {
    case ProbedStage::State::found:
      return "found";
    case ProbedStage::State::missing:
      return "would be computed";
    case ProbedStage::State::follows:
      return "follows";
    case ProbedStage::State::uncacheable:
      return "cannot be cached";
  }
  return "";
}

std::vector<ProbedStage> probe_recipes(const Graph& graph, const RunOptions& run) {
  NullCache nothing;
  RecipeCatcher catcher(run.cache != nullptr ? *run.cache : nothing);
  RunOptions options;
  options.cache = &catcher;
  options.policy = run.policy;
  options.input = run.input;
  options.stop = run.stop;
  options.keep = KeepStates::none;
  const RunResult result = try_run(pretending_to_compute(graph), options);

  std::map<std::string, ProbedStage> probed;
  std::set<std::string> lacking;
  for (const Node& node : graph.ordered()) {  // what it needs first, wherever that stands
    ProbedStage stage{.node = node.id, .op_name = node.stage->op_name()};
    for (const Need& need : node.needs) {
      if (lacking.contains(need.node)) stage.waits_for.push_back(need.node);
    }
    for (const StageReport& report : result.report.stages) {
      if (report.node != node.id) continue;
      stage.reason = report.reason;
      stage.key = report.key;
      if (report.outcome == StageOutcome::hit) stage.state = ProbedStage::State::found;
      if (report.uncacheable || report.key.empty()) stage.state = ProbedStage::State::uncacheable;
    }
    // What was made of pretended results says nothing: the true key is not known yet.
    if (!stage.waits_for.empty()) {
      stage = {.node = stage.node,
               .op_name = stage.op_name,
               .state = ProbedStage::State::follows,
               .waits_for = std::move(stage.waits_for)};
    }
    if (stage.state == ProbedStage::State::missing) stage.recipe = parse_json(catcher.recipe(stage.key));
    if (stage.state != ProbedStage::State::found) lacking.insert(node.id);
    probed.emplace(node.id, std::move(stage));
  }
  std::vector<ProbedStage> stages;
  for (const Node& node : graph.nodes()) stages.push_back(std::move(probed.at(node.id)));
  return stages;
}

}  // namespace neve
