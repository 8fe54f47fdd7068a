#pragma once

namespace neve::python {

/// Raises RecursionError where the thread's stack is nearly used up. Python counts its own levels; a function that
/// calls itself through compiled code uses the stack besides, and `sys.setrecursionlimit` makes it no larger. Needs the
/// GIL.
void require_stack();

}  // namespace neve::python
