#pragma once

#include "cache/guard/spent_time.hpp"

namespace neve {

/// What this thread has spent, in the middle of operations on stores, on what no store has a part in: making an entry's
/// bytes and an entry of bytes, and files of a folder beside the store. A large one takes its time however fast the
/// store answers.
using LocalWork = SpentTime<struct Local>;

}  // namespace neve
