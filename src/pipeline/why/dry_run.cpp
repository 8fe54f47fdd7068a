#include <neve/pipeline/dry_run.hpp>

#include <neve/base/error.hpp>

namespace neve {
namespace {

enum class Instead { fail, pretend };

/// Has the key of another stage, but never computes.
class ProbeStage final : public AnyStage {
 public:
  ProbeStage(StagePtr stage, Instead instead) : stage_(std::move(stage)), instead_(instead) {}

  [[nodiscard]] const std::string& op_name() const noexcept override { return stage_->op_name(); }
  [[nodiscard]] const std::string& version() const noexcept override { return stage_->version(); }
  [[nodiscard]] const Json& config() const noexcept override { return stage_->config(); }
  [[nodiscard]] StagePtr for_run() const override {
    StagePtr stage = stage_->for_run();
    return stage ? std::make_shared<ProbeStage>(std::move(stage), instead_) : nullptr;
  }
  [[nodiscard]] std::string config_hash() const override { return stage_->config_hash(); }
  [[nodiscard]] Json hashed_besides() const override { return stage_->hashed_besides(); }
  [[nodiscard]] std::map<std::string, InputFile> input_files(const ReadingWatch& watch) const override {
    return stage_->input_files(watch);
  }
  [[nodiscard]] std::optional<std::size_t> input_count() const noexcept override { return stage_->input_count(); }
  [[nodiscard]] State run(std::span<const State>, StageContext&) const override {
    if (instead_ == Instead::pretend) return {};
    throw Error(ErrorCode::invalid_argument, "would be computed");  // not a code that is tried again
  }
  [[nodiscard]] StagePtr with_config(const Json& config) const override {
    return std::make_shared<ProbeStage>(stage_->with_config(config), instead_);
  }

 private:
  StagePtr stage_;
  Instead instead_;
};

Graph probing(const Graph& graph, Instead instead) {
  return graph.with_stages([instead](const StagePtr& stage) { return std::make_shared<ProbeStage>(stage, instead); });
}

}  // namespace

Graph without_computing(const Graph& graph) { return probing(graph, Instead::fail); }
Graph pretending_to_compute(const Graph& graph) { return probing(graph, Instead::pretend); }

}  // namespace neve
