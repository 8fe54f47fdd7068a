#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <neve/pipeline/stage.hpp>

namespace neve {

/// A kind of stage that pipeline files can name.
struct StageKind {
  std::string name;
  std::string version;
  std::vector<FieldInfo> config_schema;
  std::size_t input_count = 0;
  std::function<StagePtr(const Json& config)> make;
};

/// The compiled stages of one program, by name. Filled explicitly in `main`. Not thread-safe while being filled.
class StageRegistry {
 public:
  /// Adds a stage class under its `kName`.
  template <class S>
  StageRegistry& add() {
    return add({.name = std::string(S::kName),
                .version = std::string(S::kVersion),
                .config_schema = Config<typename S::ConfigType>::schema(),
                .input_count = std::tuple_size_v<typename S::Inputs>,
                .make = [](const Json& config) { return make_stage_from_json<S>(config); }});
  }
  /// Throws `invalid_argument` if the name is taken.
  StageRegistry& add(StageKind kind);

  /// Throws `invalid_argument` with the nearest name if there is no such stage.
  [[nodiscard]] const StageKind& kind(std::string_view name) const;
  /// A stage by name. Throws as `kind` and as the stage's config does.
  [[nodiscard]] StagePtr make(std::string_view name, const Json& config) const { return kind(name).make(config); }
  /// In alphabetical order.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, StageKind, std::less<>> kinds_;
};

}  // namespace neve
