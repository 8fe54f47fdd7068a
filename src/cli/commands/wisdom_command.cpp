#include <fmt/format.h>

#include <neve/optics/fft_planner.hpp>

#include "cli/commands/commands.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {

ExitCode wisdom_command(const WisdomArguments& arguments) {
  for (const std::size_t points : arguments.points) {
    fmt::print(stderr, "measuring FFT plans for {} points\n", points);
    optics::measure_wisdom(arguments.file, std::array{points});
  }
  const optics::FftPlanner planner(arguments.file);
  if (arguments.json) {
    print_json({{"file", arguments.file}, {"points", arguments.points}, {"fingerprint", planner.fingerprint()}});
    return ExitCode::ok;
  }
  fmt::print("{}\nNEVE_FFTW_WISDOM={} uses it; results of the optics stages then get keys of their own\n",
             planner.fingerprint(), arguments.file);
  return ExitCode::ok;
}

}  // namespace neve::cli
