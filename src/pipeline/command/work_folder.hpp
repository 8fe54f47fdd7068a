#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <neve/base/scratch_folder.hpp>
#include <neve/codec/json.hpp>
#include <neve/pipeline/state.hpp>

namespace neve {

/// The scratch folder one command runs in. Used by one thread.
class WorkFolder {
 public:
  /// Makes it with the folders `in`, `out` and `work` inside `parent`. Throws `io`.
  explicit WorkFolder(const std::filesystem::path& parent);

  [[nodiscard]] std::filesystem::path input() const { return folder_.path() / "in"; }
  [[nodiscard]] std::filesystem::path output() const { return folder_.path() / "out"; }
  [[nodiscard]] std::filesystem::path working() const { return folder_.path() / "work"; }
  [[nodiscard]] std::filesystem::path config() const { return folder_.path() / "config.json"; }
  [[nodiscard]] std::filesystem::path policy() const { return folder_.path() / "policy.json"; }

  /// Writes `in/<name>/state.json` and `in/<name>/arrays.npz` for every input, config.json, and policy.json: an empty
  /// object where `policy` is null.
  void write_inputs(std::span<const State> inputs, const std::vector<std::string>& names, const Json& config,
                    const Json& policy) const;

 private:
  ScratchFolder folder_;
};

}  // namespace neve
