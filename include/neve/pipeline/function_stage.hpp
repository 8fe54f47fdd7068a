#pragma once

#include <functional>
#include <type_traits>

#include <neve/pipeline/stage.hpp>

namespace neve {
namespace detail {

template <class Signature>
struct FunctionShape;
template <class Out, class First, class... Rest>
struct FunctionShape<std::function<Out(First, Rest...)>> {
  using Output = std::remove_cvref_t<Out>;
  using FirstArgument = std::remove_cvref_t<First>;
  using Arguments = std::tuple<std::remove_cvref_t<First>, std::remove_cvref_t<Rest>...>;
};
/// False for a lambda with `auto` parameters, whose inputs nobody could decode.
template <class Function>
concept HasParameterTypes = requires(Function function) {
  std::function(function);
};
template <class Function>
using ShapeOf = FunctionShape<decltype(std::function(std::declval<Function>()))>;

/// Whether the function can be called as a stage is: with the config and temporary inputs, by several threads.
template <class Function, class ConfigT, class Arguments>
inline constexpr bool kTakesArguments = false;
template <class Function, class ConfigT, class First, class... Rest>
inline constexpr bool kTakesArguments<Function, ConfigT, std::tuple<First, Rest...>> =
    std::is_invocable_v<const Function&, const ConfigT&,
                        std::conditional_t<std::is_same_v<Rest, StageContext>, Rest&, Rest>...>;

/// Calls `function(config, in..., context)` where the `in` are the arguments between the first and the last.
template <class ConfigT, class Function>
class FunctionStage final : public StageShell {
  using Arguments = typename ShapeOf<Function>::Arguments;
  static constexpr std::size_t kArguments = std::tuple_size_v<Arguments>;
  static_assert(kArguments >= 2, "a stage function takes (const Config&, inputs..., neve::StageContext&)");
  static_assert(std::is_same_v<std::tuple_element_t<kArguments - 1, Arguments>, StageContext>,
                "the last argument of a stage function is neve::StageContext&");
  static_assert(kTakesArguments<Function, ConfigT, Arguments>,
                "a stage function takes the config that make_stage got, then its inputs by value or const reference, "
                "and is not 'mutable'");
  static_assert(!std::is_void_v<typename ShapeOf<Function>::Output>, "a stage function returns its state");

 public:
  FunctionStage(std::string op_name, std::string version, const Config<ConfigT>& config, Function function)
      : StageShell(std::move(op_name), std::move(version), config.to_json(), kArguments - 2),
        config_(config.get()),
        function_(std::move(function)) {}

  [[nodiscard]] State run(std::span<const State> inputs, StageContext& context) const override {
    require_input_count(inputs, kArguments - 2, op_name());
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      auto output =
          function_(config_, decode_input<std::tuple_element_t<I + 1, Arguments>>(inputs, I, context)..., context);
      return StateCodec<decltype(output)>::encode(std::move(output));
    }
    (std::make_index_sequence<kArguments - 2>{});
  }

  [[nodiscard]] StagePtr with_config(const Json& config) const override {
    return std::make_shared<FunctionStage>(op_name(), version(), Config<ConfigT>::from_json(config), function_);
  }

 private:
  ConfigT config_;
  Function function_;
};

}  // namespace detail

/// A stage from a lambda `Out(const ConfigT&, const In&..., neve::StageContext&)`. What it captures does not enter the
/// key: capture nothing that changes the result, and give a new `version` when the lambda changes.
template <class ConfigT, class Function>
[[nodiscard]] StagePtr make_stage(std::string op_name, std::string version, ConfigT config, Function function) {
  static_assert(detail::HasParameterTypes<Function>,
                "a stage function is (const Config&, const In&..., neve::StageContext&) with every type written out, "
                "not 'auto', and the context by reference");
  if constexpr (detail::HasParameterTypes<Function>) {
    return std::make_shared<detail::FunctionStage<ConfigT, Function>>(
        std::move(op_name), std::move(version), Config<ConfigT>(std::move(config)), std::move(function));
  } else {
    return nullptr;
  }
}

}  // namespace neve
