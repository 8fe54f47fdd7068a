#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/state.hpp>

namespace neve {

/// The fresh folder one command runs in; removed with everything in it at the end. Used by one thread.
class WorkFolder {
 public:
  /// Makes `neve-XXXXXX` with the folders `in`, `out` and `work` inside `parent`. Throws `io`.
  explicit WorkFolder(const std::filesystem::path& parent);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  [[nodiscard]] std::filesystem::path input() const { return path_ / "in"; }
  [[nodiscard]] std::filesystem::path output() const { return path_ / "out"; }
  [[nodiscard]] std::filesystem::path working() const { return path_ / "work"; }
  [[nodiscard]] std::filesystem::path config() const { return path_ / "config.json"; }
  [[nodiscard]] std::filesystem::path policy() const { return path_ / "policy.json"; }

  /// Writes `in/<name>/state.json` and `in/<name>/arrays.npz` for every input, config.json, and policy.json: an empty
  /// object where `policy` is null.
  void write_inputs(std::span<const State> inputs, const std::vector<std::string>& names, const Json& config,
                    const Json& policy) const;

 private:
  std::filesystem::path path_;
};

}  // namespace neve
