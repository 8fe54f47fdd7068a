#include <fmt/format.h>

#include <neve/base/error.hpp>

#ifdef NEVE_HAS_OPTICS
#include <neve/optics/fft_planner.hpp>
#endif

#include "cli/commands/commands.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {

#ifdef NEVE_HAS_OPTICS

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

#else

ExitCode wisdom_command(const WisdomArguments&) {
  throw Error(ErrorCode::unsupported, "this neve was built without the optics stages (CMake option NEVE_OPTICS)");
}

#endif

}  // namespace neve::cli
