// The body of a question from anywhere: either a problem of the caller's making, or parameters.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "require.hpp"
#include "service/handlers/concentration_form.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using neve::service::ProblemError;
  try {
    const auto params = neve::service::concentration_params_from({reinterpret_cast<const char*>(data), size});
    neve::fuzz::require(!params.thresholds.empty() && params.thresholds.size() <= 20, "1 to 20 thresholds");
  } catch (const ProblemError&) {
  }
  return 0;
}
