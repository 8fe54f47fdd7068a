#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/any_stage.hpp>

namespace neve {

/// What a command may leave in its output folder before it is refused. A plain value.
struct CommandLimits {
  std::uint64_t array_bytes = std::uint64_t{16} << 30;  ///< all .npy and .npz files together, decoded
  std::uint64_t json_bytes = std::uint64_t{64} << 20;   ///< each JSON file and each picture
  std::size_t files = 10'000;
  std::size_t fewest_files = 1;  ///< 0: a command that leaves nothing gives an empty state
};

/// A command as a stage. The contract with the command is docs/formats/pipeline-file.md. A plain value.
struct CommandOptions {
  std::string command;  ///< given to `/bin/sh -c`
  std::string place;    ///< where it was written, for messages: "fiber.yaml:12:10"
  Json config = Json::object();
  std::string version;                              ///< the author's own; may be empty
  std::filesystem::path folder;                     ///< what `inputs` are relative to
  std::vector<std::string> inputs;                  ///< file patterns whose contents enter the key
  std::vector<std::string> input_places;            ///< where each of them was written; missing ones: at `place`
  std::vector<std::string> key_variables;           ///< environment variables whose values enter the key
  std::map<std::string, std::string> environment;   ///< the command's whole environment, before NEVE_* are added
  std::filesystem::path temporary_folder = "/tmp";  ///< where working folders are made
  /// Receives the command's output as `<pipeline>/<stage>/command.log`, in sweeps `<pipeline>/point-<n>/...`; absent:
  /// only the last lines are kept.
  std::optional<std::filesystem::path> log_folder;
  std::chrono::milliseconds grace{2000};  ///< between SIGTERM and SIGKILL
  CommandLimits limits{};
};

/// A stage that runs a command.
///
/// Its key covers the command's text, config, version, the names and contents of the input files, the chosen
/// environment variables, and, as for every stage, the run's policy and the states of what it needs. Every run and
/// every sweep looks for the input files again (`for_run`) and digests those that changed since; within it, one
/// digest of each file counts at all points, and up to 16 MiB of files are kept as they were copied for the first
/// point, whoever edits them. Another file whose content changes, or one that the command reads in its own place, fails
/// the stage with `invalid_argument`, which is not retried: the next run has another key. Throws `invalid_argument`,
/// beginning with its place, if an input pattern matches no file or leaves the folder.
[[nodiscard]] StagePtr make_command_stage(CommandOptions options);

}  // namespace neve
