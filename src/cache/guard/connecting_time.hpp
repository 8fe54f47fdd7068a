#pragma once

#include "cache/guard/spent_time.hpp"

namespace neve {

/// What this thread has spent on reaching stores before it could ask them: connecting, logging in, finding out which
/// server it is. An operation that had to begin with that says no more than any other about how fast the store answers.
using ConnectingTime = SpentTime<struct Connecting>;

}  // namespace neve
