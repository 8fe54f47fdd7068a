#pragma once

#include <functional>
#include <stop_token>

namespace neve::python {

/// Does `work` in a thread of its own without the GIL and waits for it. Ctrl-C, or any other signal whose handler
/// raises, asks it to stop; when it has, the handler's exception is raised. Throws what `work` throws. Needs the GIL.
void run_interruptibly(const std::function<void(std::stop_token)>& work);

}  // namespace neve::python
