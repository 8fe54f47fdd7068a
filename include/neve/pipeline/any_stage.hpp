#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <neve/codec/json.hpp>
#include <neve/key/input_file.hpp>
#include <neve/pipeline/requirements.hpp>
#include <neve/pipeline/stage_context.hpp>
#include <neve/pipeline/state.hpp>

namespace neve {

class AnyStage;
using StagePtr = std::shared_ptr<const AnyStage>;

/// A stage as the runner sees it: a named, versioned, configured, deterministic function of its inputs.
///
/// Most stages derive from `Stage<Config, Out, In...>` instead (stage.hpp), which does the bookkeeping. Immutable and
/// safe from any thread: one object may run in several threads at once.
class AnyStage {
 public:
  virtual ~AnyStage() = default;

  /// What the stage does, such as "optics.fiber", and which way of doing it. Both enter the key: a change of the
  /// algorithm that changes results must change the version.
  [[nodiscard]] virtual const std::string& op_name() const noexcept = 0;
  [[nodiscard]] virtual const std::string& version() const noexcept = 0;

  /// Every setting, defaults filled in.
  [[nodiscard]] virtual const Json& config() const noexcept = 0;

  /// The stage as one run, or one sweep, uses it: with what it reads besides inputs and config looked up again and then
  /// fixed, also in what `with_config` makes of it. Null, the default: itself, which is right for a stage that
  /// reads nothing else. Asked before anything runs; may throw `invalid_argument`, which then ends the run.
  [[nodiscard]] virtual std::shared_ptr<const AnyStage> for_run() const { return nullptr; }

  /// Digest of everything besides inputs and policy that the result depends on; by default of the config. Asked once
  /// per run. If it throws, the stage runs uncached, and the message is the reason.
  [[nodiscard]] virtual std::string config_hash() const;

  /// What `config_hash` covers besides the config, readable: kept in the recipe, so that `neve why` can say what
  /// changed. No part of the key, and of a few kilobytes at most; nothing that may be secret. Null, the default:
  /// nothing.
  [[nodiscard]] virtual Json hashed_besides() const { return nullptr; }

  /// Files besides the inputs that the stage reads, by the name it knows them under; their content enters the key.
  /// Asked once per run. If it throws, the stage runs uncached, and the message is the reason; `cancelled`, when the
  /// watch's stop is requested, ends it.
  [[nodiscard]] virtual std::map<std::string, InputFile> input_files(const ReadingWatch& /*watch*/) const { return {}; }

  /// How many inputs `run` wants; absent: any number.
  [[nodiscard]] virtual std::optional<std::size_t> input_count() const noexcept = 0;

  [[nodiscard]] virtual Requirements requirements() const { return {}; }

  /// Computes the result. May throw anything: an `Error` keeps its code, anything else becomes `stage_failed`.
  [[nodiscard]] virtual State run(std::span<const State> inputs, StageContext& context) const = 0;

  /// The same stage with another config, given in full. Throws `invalid_argument`, naming the field.
  [[nodiscard]] virtual StagePtr with_config(const Json& config) const = 0;
};

}  // namespace neve
