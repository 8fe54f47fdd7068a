#include "cli/chosen/pipeline_choice.hpp"

#include <filesystem>

namespace neve::cli {

PipelineFile read_chosen_pipeline(const PipelineArguments& arguments) {
  PipelineFile file = read_pipeline_file(arguments.file);
  for (const std::string& setting : arguments.settings) apply_setting(file, setting);
  return file;
}

CommandSurroundings command_surroundings(const PipelineArguments& arguments, const Surroundings& surroundings) {
  CommandSurroundings commands;
  commands.folder = std::filesystem::absolute(arguments.file).parent_path();
  commands.environment = surroundings.environment;
  commands.temporary_folder = surroundings.temporary_folder;
  return commands;
}

}  // namespace neve::cli
