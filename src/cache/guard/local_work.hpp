#pragma once

#include "cache/guard/spent_time.hpp"

namespace neve {

/// What this thread has spent, in the middle of operations on stores, on what no store has a part in: making an entry's
/// bytes and an entry of bytes, files of a folder beside the store, and questions to another store, of which a copy is
/// made. That takes its time however fast the store answers.
using LocalWork = SpentTime<struct Local>;

}  // namespace neve
