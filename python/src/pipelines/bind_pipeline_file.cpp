#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <neve/base/error.hpp>

#ifdef NEVE_HAS_PIPELINE_FILE
#include <neve/pipeline/pipeline_file.hpp>
#endif

#include "interpreter/gil.hpp"
#include "pipelines/bind_pipeline.hpp"
#include "pipelines/graph_object.hpp"
#include "pipelines/stage_library.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace neve::python {
namespace {

struct FileRequest {
  std::string path;
  std::vector<std::string> settings;
  std::vector<std::vector<std::string>> sweeps;  ///< those of one list move together
  std::string points;                            ///< a file; empty: none
  std::string until;
  std::map<std::string, std::string> environment;
  std::string temporary_folder;
};

#ifdef NEVE_HAS_PIPELINE_FILE
GraphObject load(const FileRequest& request) {
  PipelineFile file = read_pipeline_file(request.path);
  for (const std::string& setting : request.settings) apply_setting(file, setting);
  for (const std::vector<std::string>& together : request.sweeps) {
    if (together.size() == 1) {
      apply_sweep(file, together.front());
    } else {
      apply_together(file, together);
    }
  }
  if (!request.points.empty()) apply_points(file, read_points(request.points));
  if (!request.until.empty()) keep_until(file, request.until, "until=" + request.until);
  CommandSurroundings commands;
  commands.folder = std::filesystem::absolute(request.path).parent_path();
  commands.environment = request.environment;
  commands.temporary_folder = request.temporary_folder;
  Graph graph = make_graph(file, stage_library(), commands);
  Sweep sweep = make_sweep(file, graph);
  GraphObject object{std::move(graph), std::move(sweep), settings_of_first_point(file, stage_library())};
  if (!file.policy.values.empty()) object.policy = file.policy.values;
  return object;
}
#else
GraphObject load(const FileRequest&) {
  throw Error(ErrorCode::unsupported, "this neve was built without pipeline files (CMake option NEVE_CLI)");
}
#endif

}  // namespace

void bind_pipeline_file(nb::module_& module) {
  module.def(
      "load_pipeline_file",
      [](std::string path, std::vector<std::string> settings, std::vector<std::vector<std::string>> sweeps,
         std::string points, std::string until, std::map<std::string, std::string> environment,
         std::string temporary_folder) {
        return without_gil([&] {
          return load({std::move(path), std::move(settings), std::move(sweeps), std::move(points), std::move(until),
                       std::move(environment), std::move(temporary_folder)});
        });
      },
      "path"_a, "settings"_a, "sweeps"_a, "points"_a, "until"_a, "environment"_a, "temporary_folder"_a);
}

}  // namespace neve::python
