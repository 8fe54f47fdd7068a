#include <fmt/core.h>

#include <cstdlib>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/json.hpp>

#include "groups.hpp"

namespace neve::bench {
namespace {

/// Runs the pipeline with `neve run` and gives its report.
Json run_command(const std::filesystem::path& neve_command, const std::filesystem::path& pipeline_file,
                 const std::filesystem::path& folder) {
  const std::filesystem::path report = folder / "report.json";
  const std::string command =
      fmt::format("'{}' run '{}' --cache 'disk:{}' --report '{}' > /dev/null", neve_command.string(),
                  pipeline_file.string(), (folder / "example").string(), report.string());
  if (std::system(command.c_str()) != 0) throw Error(ErrorCode::stage_failed, "the example failed: " + command);
  return parse_json(read_file(report).value().text());
}

}  // namespace

int run_example(const std::filesystem::path& folder, const std::filesystem::path& neve_command,
                const std::filesystem::path& pipeline_file) {
  std::filesystem::remove_all(folder / "example");
  const Json cold = run_command(neve_command, pipeline_file, folder);
  const Json warm = run_command(neve_command, pipeline_file, folder);
  fmt::print("\n{}, computed once and then found (one run each)\n", pipeline_file.filename().string());
  double computed = 0, found = 0;
  for (const Json& stage : cold.at("stages")) computed += stage.at("compute_s").get<double>();
  for (const Json& stage : warm.at("stages")) {
    const double compute_s = stage.at("compute_s").get<double>(), lookup_s = stage.at("lookup_s").get<double>();
    found += lookup_s;
    fmt::print("  {:<24} computed in {:>10.4f} s, found in {:>10.6f} s\n", stage.at("node").get<std::string>(),
               compute_s, lookup_s);
  }
  const double ratio = computed / found;
  const bool met = ratio >= 1000;
  fmt::print("  {} the example's hits against its computation: {:.0f}x (wanted 1000x)\n", met ? "+" : "-", ratio);
  return met ? 0 : 1;
}

}  // namespace neve::bench
