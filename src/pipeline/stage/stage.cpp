#include <neve/pipeline/stage.hpp>

#include <neve/key/digests.hpp>

namespace neve {

std::string AnyStage::config_hash() const { return config_digest(config()); }

namespace detail {

StageShell::StageShell(std::string op_name, std::string version, Json config, std::size_t input_count)
    : op_name_(std::move(op_name)),
      version_(std::move(version)),
      config_(std::move(config)),
      input_count_(input_count) {
  try {
    config_hash_ = config_digest(config_);
  } catch (const Error& error) {
    hash_error_ = error;
  }
}

std::string StageShell::config_hash() const {
  if (hash_error_) throw *hash_error_;
  return config_hash_;
}

void throw_bad_input(std::size_t index, const StageContext& context, const Error& error) {
  std::string name = "input " + std::to_string(index + 1);
  if (index < context.inputs().size()) name += " ('" + context.inputs()[index] + "')";
  throw Error(error.code(), name + ": " + error.what());
}

void require_input_count(std::span<const State> inputs, std::size_t wanted, const std::string& op_name) {
  if (inputs.size() == wanted) return;
  throw Error(ErrorCode::invalid_argument,
              op_name + " takes " + std::to_string(wanted) + " inputs and got " + std::to_string(inputs.size()));
}

}  // namespace detail
}  // namespace neve
