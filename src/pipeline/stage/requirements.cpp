#include <neve/pipeline/requirements.hpp>

#include <algorithm>
#include <cmath>

namespace neve {

std::chrono::milliseconds RetryPolicy::wait_before(unsigned attempt) const {
  if (attempt < 2) return std::chrono::milliseconds(0);
  const double wait = static_cast<double>(backoff.count()) * std::pow(factor, static_cast<double>(attempt - 2));
  const double longest = static_cast<double>(longest_backoff.count());
  return std::chrono::milliseconds(std::llround(std::clamp(wait, 0.0, longest)));
}

bool RetryPolicy::retries(ErrorCode code) const noexcept {
  return code != ErrorCode::cancelled && std::find(on.begin(), on.end(), code) != on.end();
}

}  // namespace neve
