// The commands of which this neve was built without the part that they are about.
#include <neve/base/error.hpp>

#include "cli/commands/commands.hpp"

namespace neve::cli {

#ifndef NEVE_HAS_OPTICS

ExitCode wisdom_command(const WisdomArguments& /*arguments*/) {
  throw Error(ErrorCode::unsupported, "this neve was built without the optics stages (CMake option NEVE_OPTICS)");
}

#endif
#ifndef NEVE_HAS_DATASETS

namespace {

[[noreturn]] void refuse_datasets() {
  throw Error(ErrorCode::unsupported, "this neve was built without datasets; build it with -DNEVE_DATASETS=ON");
}

}  // namespace

ExitCode analyze_command(const AnalyzeArguments& /*arguments*/, const Surroundings& /*surroundings*/) {
  refuse_datasets();
}
ExitCode dataset_command(const DatasetArguments& /*arguments*/, const Surroundings& /*surroundings*/) {
  refuse_datasets();
}

#endif
#ifndef NEVE_HAS_SERVICE

ExitCode serve_command(const ServeArguments& /*arguments*/, const Surroundings& /*surroundings*/) {
  throw Error(ErrorCode::unsupported, "this neve was built without its service; the CMake option NEVE_SERVICE adds it");
}

#endif

}  // namespace neve::cli
