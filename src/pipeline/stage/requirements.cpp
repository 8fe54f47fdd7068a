#include <neve/pipeline/requirements.hpp>

#include <algorithm>
#include <cmath>

namespace neve {

std::chrono::milliseconds RetryPolicy::wait_before(unsigned attempt) const {
  if (attempt < 2) return std::chrono::milliseconds(0);
  using std::chrono::milliseconds;
  constexpr std::chrono::hours kForEver(24 * 365 * 30);  // what a clock can still add to the present
  const milliseconds longest = std::clamp<milliseconds>(longest_backoff, milliseconds(0), kForEver);
  const double wait = static_cast<double>(backoff.count()) * std::pow(factor, static_cast<double>(attempt - 2));
  if (!(wait < static_cast<double>(longest.count()))) return longest;  // nor is NaN
  return milliseconds(std::llround(std::max(wait, 0.0)));
}

bool RetryPolicy::retries(ErrorCode code) const noexcept {
  return code != ErrorCode::cancelled && std::find(on.begin(), on.end(), code) != on.end();
}

}  // namespace neve
