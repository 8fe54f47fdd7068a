// Text from anywhere read as a pipeline file: either refused with an Error that says where, or a pipeline whose sweep
// can be laid out. The same for a table of points.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/pipeline/pipeline_file.hpp>

#include "require.hpp"

namespace {

bool says_what_is_wrong(const neve::Error& error) {
  return error.code() == neve::ErrorCode::invalid_argument || error.code() == neve::ErrorCode::too_large;
}

void check_sweep(const neve::PipelineFile& file) {
  std::size_t points = 1;
  for (const neve::SweepAxis& axis : file.sweep) {
    points *= axis.values.size();
    if (points > 1000) {
      return;
    }
  }
  neve::Sweep sweep;
  for (const neve::SweepAxis& axis : file.sweep) {
    sweep.over(axis.target.text, axis.values);
  }
  neve::fuzz::require(sweep.points().size() == points, "one point for each combination");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    check_sweep(neve::parse_pipeline_file(text, "fuzzed.yaml"));
  } catch (const neve::Error& error) {
    neve::fuzz::require(says_what_is_wrong(error), "a bad file is an invalid argument or too large");
    neve::fuzz::require(std::string_view(error.what()).starts_with("fuzzed.yaml"), "the message names the file");
  }
  try {
    (void)neve::parse_pipeline_value(text, "--set");
  } catch (const neve::Error& error) {
    neve::fuzz::require(says_what_is_wrong(error), "a bad value is an invalid argument or too large");
  }
  try {
    const std::vector<neve::SweepAxis> axes = neve::parse_points(text, "fuzzed.csv");
    neve::fuzz::require(!axes.empty() && !axes.front().values.empty(), "a table has a setting and a point");
    for (const neve::SweepAxis& axis : axes) {
      neve::fuzz::require(axis.values.size() == axes.front().values.size(), "each point has a value for each setting");
    }
  } catch (const neve::Error& error) {
    neve::fuzz::require(says_what_is_wrong(error), "a bad table is an invalid argument or too large");
    neve::fuzz::require(std::string_view(error.what()).starts_with("fuzzed.csv"), "the message names the file");
  }
  return 0;
}
