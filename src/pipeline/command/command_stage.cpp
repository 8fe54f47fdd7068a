#include <neve/pipeline/command_stage.hpp>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

#include "pipeline/command/child_process.hpp"
#include "pipeline/command/command_log.hpp"
#include "pipeline/command/command_output.hpp"
#include "pipeline/command/command_search.hpp"
#include "pipeline/command/input_files.hpp"
#include "pipeline/command/undeclared_file.hpp"
#include "pipeline/command/work_folder.hpp"

namespace neve {
namespace {

/// Which contract commands are run under; enters every command's key, so that a change of it cannot return old results.
constexpr int kContract = 2;
constexpr int kNotFound = 127;  // what POSIX shells exit with when there is no such command

/// A longer command's text is not repeated in every entry.
constexpr std::size_t kLongestKept = 4096;

std::string short_digest(std::string_view text) { return sha256_hex(text).substr(0, 16); }

/// The beginning of the command's first line, so that recipes and reports say what ran; all of it is in the config's
/// hash.
std::string_view brief(std::string_view command) {
  constexpr std::size_t kLongest = 60;
  return utf8_prefix(command.substr(0, command.find('\n')), kLongest);
}

class CommandStage final : public AnyStage {
 public:
  CommandStage(std::shared_ptr<const CommandOptions> options, Json config, std::shared_ptr<const InputFiles> inputs)
      : op_name_("run: " + std::string(brief(options->command))),
        options_(std::move(options)),
        config_(std::move(config)),
        inputs_(std::move(inputs)) {}

  [[nodiscard]] const std::string& op_name() const noexcept override { return op_name_; }
  [[nodiscard]] const std::string& version() const noexcept override { return options_->version; }
  [[nodiscard]] const Json& config() const noexcept override { return config_; }
  [[nodiscard]] std::optional<std::size_t> input_count() const noexcept override { return std::nullopt; }

  [[nodiscard]] std::string config_hash() const override {
    if (const auto bad = find_non_finite(config_)) {
      throw Error(ErrorCode::invalid_argument, "the value at " + *bad + " is not a finite number");
    }
    Json variables = Json::object();
    for (const std::string& name : options_->key_variables) variables[name] = variable(name);
    return sha256_hex(dump_compact_json(
        {{"command", options_->command}, {"config", config_}, {"contract", kContract}, {"env", variables}}));
  }

  [[nodiscard]] Json hashed_besides() const override {
    // Entries are shared, and a variable may hold a password: of its value they get what tells it from another.
    Json variables = Json::object();
    for (const std::string& name : options_->key_variables) {
      const Json value = variable(name);
      variables[name] = value.is_null() ? value : Json(short_digest(value.get_ref<const std::string&>()));
    }
    Json json = {{"contract", kContract}, {"env", std::move(variables)}};
    if (options_->command.size() <= kLongestKept) {
      json["command"] = options_->command;
    } else {
      json["command_sha256"] = short_digest(options_->command);
    }
    return json;
  }

  [[nodiscard]] StagePtr for_run() const override {
    return std::make_shared<CommandStage>(options_, config_, inputs_->anew());
  }

  [[nodiscard]] std::map<std::string, InputFile> input_files(const ReadingWatch& watch) const override {
    return inputs_->digests(watch);
  }

  [[nodiscard]] State run(std::span<const State> inputs, StageContext& context) const override {
    const OnBlock on_block = [&context](std::size_t) { context.checkpoint(); };
    const WorkFolder folder(options_->temporary_folder);
    folder.write_inputs(inputs, context.inputs(), config_, context.policy());
    inputs_->require_unchanged(on_block);  // at once, not after an hour of computing for nothing
    for (const std::string& name : inputs_->lay_into(folder.working(), on_block)) {
      context.remark(options_->place + ": the input file '" + name +
                     "' was changed after this run had read it, and the run goes on with what it had read; run again "
                     "for what the file holds now");
    }
    CommandLog log(log_file(context), context.attempt(),
                   [&context](double fraction, std::string_view text) { context.progress(fraction, text); });
    const ChildResult result = run_in(folder, log, context);
    if (!log.fault().empty()) context.remark(options_->place + ": the command's log is incomplete: " + log.fault());
    context.checkpoint();
    if (result.end != ChildResult::End::exited || result.code != 0) throw failure(result, log);
    inputs_->require_unchanged(on_block);
    const std::string unseen = unseen_change_remark(options_->command, options_->folder, inputs_->names());
    if (!unseen.empty()) context.remark(options_->place + ": " + unseen);
    try {
      return read_command_output(folder.output(), options_->limits, context);
    } catch (const Error& error) {
      throw Error(error.code(), options_->place + ": " + error.what());
    }
  }

  [[nodiscard]] StagePtr with_config(const Json& config) const override {
    if (!config.is_object()) throw Error(ErrorCode::invalid_argument, "the config of a command must be an object");
    return std::make_shared<CommandStage>(options_, config, inputs_);
  }

 private:
  /// Null if it is not set.
  [[nodiscard]] Json variable(const std::string& name) const {
    const auto found = options_->environment.find(name);
    return found == options_->environment.end() ? Json(nullptr) : Json(found->second);
  }

  [[nodiscard]] std::optional<std::filesystem::path> log_file(const StageContext& context) const {
    if (!options_->log_folder) return std::nullopt;
    return *options_->log_folder / context.folder() / context.node() / "command.log";
  }

  [[nodiscard]] ChildResult run_in(const WorkFolder& folder, CommandLog& log, const StageContext& context) const {
    std::map<std::string, std::string> environment = options_->environment;
    environment["NEVE_CONFIG"] = folder.config().string();
    environment["NEVE_POLICY"] = folder.policy().string();
    environment["NEVE_INPUT_DIR"] = folder.input().string();
    environment["NEVE_OUTPUT_DIR"] = folder.output().string();
    ChildOptions child;
    child.command = options_->command;
    child.working_folder = folder.working();
    for (const auto& [name, value] : environment) child.environment.push_back(name + "=" + value);
    child.grace = options_->grace;
    child.stop = context.stop_token();
    child.on_output = [&log](std::string_view text) { log.add(text); };
    return run_child(child);
  }

  [[nodiscard]] Error failure(const ChildResult& result, const CommandLog& log) const {
    std::string what = options_->place + ": the command ", hint;
    if (result.end == ChildResult::End::signalled) {
      what += "was killed by signal " + std::to_string(result.code);
    } else if (result.code == kNotFound) {
      const auto path = options_->environment.find("PATH");
      what += "was not found (exit status 127)";
      hint = missing_command_hint(options_->command, path == options_->environment.end() ? "" : path->second);
    } else {
      what += "failed with exit status " + std::to_string(result.code);
    }
    // Its beginning only: a table shows the first line, and the place says where the rest stands.
    const std::string_view begin = brief(options_->command);
    if (hint.empty()) hint = ": " + std::string(begin) + (begin.size() < options_->command.size() ? "…" : "");
    const std::string tail = log.tail();
    return Error(
        ErrorCode::stage_failed,
        what + hint + tail + undeclared_file_hint(options_->command + "\n" + tail, options_->folder, inputs_->names()));
  }

  std::string op_name_;
  // All points of a sweep share them, since an environment is large; the config is each one's own.
  std::shared_ptr<const CommandOptions> options_;
  Json config_;
  std::shared_ptr<const InputFiles> inputs_;
};

}  // namespace

StagePtr make_command_stage(CommandOptions options) {
  std::vector<InputPattern> patterns;
  for (std::size_t i = 0; i < options.inputs.size(); ++i) {
    patterns.push_back({options.inputs[i], i < options.input_places.size() ? options.input_places[i] : options.place});
  }
  auto inputs = std::make_shared<const InputFiles>(options.folder, std::move(patterns));
  Json config = options.config;
  return std::make_shared<CommandStage>(std::make_shared<const CommandOptions>(std::move(options)), std::move(config),
                                        std::move(inputs));
}

}  // namespace neve
