#pragma once

#include <memory>
#include <string>

#include <neve/pipeline/any_stage.hpp>

#include "interpreter/gil_object.hpp"

namespace neve::python {

/// What a Python stage says about itself, besides its config.
struct StageTraits {
  std::string op_name;
  std::string version;
  std::shared_ptr<const GilObject>
      version_now;         ///< VersionBySource: called for each run, gives the version then; null if it is fixed
  Json made_of = nullptr;  ///< what such a version covers, by name; null if it is fixed
  std::optional<std::size_t> input_count;
  Requirements requirements;
};

/// A stage that calls Python: `adapter.run(inputs, context)` with a list of pairs (meta, arrays) gives such a pair, and
/// `adapter.with_config(config)` the adapter of the same stage with another config. Takes the GIL while it runs.
class PythonStage final : public AnyStage {
 public:
  PythonStage(StageTraits traits, Json config, std::shared_ptr<const GilObject> adapter)
      : traits_(std::move(traits)), config_(std::move(config)), adapter_(std::move(adapter)) {}

  [[nodiscard]] const std::string& op_name() const noexcept override { return traits_.op_name; }
  [[nodiscard]] const std::string& version() const noexcept override { return traits_.version; }
  [[nodiscard]] const Json& config() const noexcept override { return config_; }
  [[nodiscard]] Json hashed_besides() const override;
  [[nodiscard]] std::optional<std::size_t> input_count() const noexcept override { return traits_.input_count; }
  [[nodiscard]] Requirements requirements() const override { return traits_.requirements; }
  [[nodiscard]] StagePtr for_run() const override;
  [[nodiscard]] State run(std::span<const State> inputs, StageContext& context) const override;
  [[nodiscard]] StagePtr with_config(const Json& config) const override;

 private:
  StageTraits traits_;
  Json config_;
  std::shared_ptr<const GilObject> adapter_;
};

/// A stage as Python holds it: its own or a compiled one.
struct StageObject {
  StagePtr stage;
};

void bind_stage(nanobind::module_& module);

}  // namespace neve::python
