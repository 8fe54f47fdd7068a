#pragma once

#include <concepts>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <neve/key/config.hpp>
#include <neve/pipeline/any_stage.hpp>
#include <neve/pipeline/read_files.hpp>
#include <neve/pipeline/state_codec.hpp>

namespace neve {

/// For stages without settings.
struct NoConfig {
  static auto fields() { return neve::fields<NoConfig>(); }
};

/// Base of a typed stage: a deterministic function from inputs `In...` and a config to `Out`.
///
///     struct Amplifier : neve::Stage<AmplifierConfig, Pulse, Pulse> {
///       static constexpr std::string_view kName = "lab.amplifier";
///       static constexpr std::string_view kVersion = "1";
///       using Stage::Stage;
///       Pulse run(const Pulse& in, neve::StageContext& context) const;
///     };
///
/// `kName` and `kVersion` enter the key: give a new version whenever the same inputs would give another result. `run`
/// must be safe from several threads at once and depend on nothing but config, inputs, policy and declared files. A
/// stage may also declare `neve::Requirements requirements() const` (slots, timeout, retries) and
/// `neve::FilePaths input_files() const`, the files that `run` reads.
template <class ConfigT, class Out, class... In>
class Stage {
 public:
  using ConfigType = ConfigT;
  using Output = Out;
  using Inputs = std::tuple<In...>;

  Stage() = default;
  explicit Stage(ConfigT config) : config_(std::move(config)) {}

  [[nodiscard]] const ConfigT& config() const noexcept { return config_; }
  [[nodiscard]] Requirements requirements() const { return {}; }
  /// Their content enters the key. A file that is written to while the run goes on, and other files than at first, fail
  /// the stage with `invalid_argument`: what it read may not be what the key says.
  [[nodiscard]] FilePaths input_files() const { return {}; }

 private:
  ConfigT config_{};
};

namespace detail {

template <class S, class Inputs>
inline constexpr bool kRuns = false;
template <class S, class... In>
inline constexpr bool kRuns<S, std::tuple<In...>> = requires(const S& stage, In... in, StageContext& context) {
  { stage.run(std::move(in)..., context) } -> std::convertible_to<typename S::Output>;
};

/// Whether S, or a base of it below `Stage`, has an `input_files` of its own.
template <class S>
inline constexpr bool kReadsFiles = !std::is_same_v<decltype(&S::input_files), FilePaths (S::Stage::*)() const>;

/// The parts of a stage that do not depend on its types.
class StageShell : public AnyStage {
 public:
  /// Hashes the config at once; a config that cannot be hashed is remembered with the reason.
  StageShell(std::string op_name, std::string version, Json config, std::size_t input_count);

  [[nodiscard]] const std::string& op_name() const noexcept final { return op_name_; }
  [[nodiscard]] const std::string& version() const noexcept final { return version_; }
  [[nodiscard]] const Json& config() const noexcept final { return config_; }
  [[nodiscard]] std::string config_hash() const final;
  [[nodiscard]] std::optional<std::size_t> input_count() const noexcept final { return input_count_; }

 private:
  std::string op_name_;
  std::string version_;
  Json config_;
  std::size_t input_count_;
  std::string config_hash_;
  std::optional<Error> hash_error_;
};

/// Runs `decode()`, naming the input in the error.
template <class T>
[[nodiscard]] T decode_input(std::span<const State> inputs, std::size_t index, const StageContext& context);

[[noreturn]] void throw_bad_input(std::size_t index, const StageContext& context, const Error& error);
/// Throws `invalid_argument` unless there are `wanted` inputs.
void require_input_count(std::span<const State> inputs, std::size_t wanted, const std::string& op_name);

template <class T>
T decode_input(std::span<const State> inputs, std::size_t index, const StageContext& context) {
  try {
    return StateCodec<T>::decode(inputs[index]);
  } catch (const Error& error) {
    throw_bad_input(index, context, error);
  }
}

template <class S>
class TypedStage final : public StageShell {
  static_assert(kRuns<S, typename S::Inputs>,
                "a neve::Stage<Config, Out, In...> has `Out run(const In&..., neve::StageContext&) const`");

 public:
  TypedStage(const Config<typename S::ConfigType>& config, std::shared_ptr<ReadFiles> files)
      : StageShell(std::string(S::kName), std::string(S::kVersion), config.to_json(),
                   std::tuple_size_v<typename S::Inputs>),
        stage_(make(config.get())),
        files_(std::move(files)) {}

  [[nodiscard]] Requirements requirements() const override { return stage_.requirements(); }

  [[nodiscard]] StagePtr for_run() const override {
    if constexpr (!kReadsFiles<S>) return nullptr;
    return std::make_shared<TypedStage>(Config<typename S::ConfigType>(stage_.config()), std::make_shared<ReadFiles>());
  }

  [[nodiscard]] std::map<std::string, InputFile> input_files(const ReadingWatch& watch) const override {
    return files_->digests(stage_.input_files(), watch);
  }

  [[nodiscard]] State run(std::span<const State> inputs, StageContext& context) const override {
    constexpr std::size_t kInputs = std::tuple_size_v<typename S::Inputs>;
    require_input_count(inputs, kInputs, op_name());
    require_files_unchanged(context);  // at once, not after an hour of computing for nothing
    State state = [&]<std::size_t... I>(std::index_sequence<I...>) {
      auto output =
          stage_.run(decode_input<std::tuple_element_t<I, typename S::Inputs>>(inputs, I, context)..., context);
      return StateCodec<typename S::Output>::encode(std::move(output));
    }
    (std::make_index_sequence<kInputs>{});
    require_files_unchanged(context);
    return state;
  }

  [[nodiscard]] StagePtr with_config(const Json& config) const override {
    return std::make_shared<TypedStage>(Config<typename S::ConfigType>::from_json(config), files_);
  }

 private:
  [[nodiscard]] static S make(const typename S::ConfigType& config) {
    if constexpr (std::is_same_v<typename S::ConfigType, NoConfig> && std::is_default_constructible_v<S>) {
      return S();
    } else {
      static_assert(std::is_constructible_v<S, const typename S::ConfigType&>,
                    "a stage is made from its config: add `using Stage::Stage;`");
      return S(config);
    }
  }

  void require_files_unchanged(const StageContext& context) const {
    if constexpr (kReadsFiles<S>) {
      files_->require_unchanged(stage_.input_files(), [&context](std::size_t) { context.checkpoint(); });
    }
  }

  S stage_;
  std::shared_ptr<ReadFiles> files_;  // of one run
};

}  // namespace detail

/// A stage class as the graph wants it. Throws `invalid_argument`, naming the field, if the config is out of range.
template <class S>
[[nodiscard]] StagePtr make_stage(typename S::ConfigType config = {}) {
  return std::make_shared<detail::TypedStage<S>>(Config<typename S::ConfigType>(std::move(config)),
                                                 std::make_shared<ReadFiles>());
}

/// A stage class with its config as JSON. Throws `invalid_argument` with the nearest name for a field it does not have.
template <class S>
[[nodiscard]] StagePtr make_stage_from_json(const Json& config) {
  return std::make_shared<detail::TypedStage<S>>(Config<typename S::ConfigType>::from_json(config),
                                                 std::make_shared<ReadFiles>());
}

}  // namespace neve
