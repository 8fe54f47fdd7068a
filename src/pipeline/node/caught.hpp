#pragma once

#include <exception>
#include <string>

namespace neve {

/// What the exception that is being handled says, whatever was thrown: stages, caches and recorders are the user's.
[[nodiscard]] inline std::string caught_text() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something was thrown that is no std::exception";
  }
}

}  // namespace neve
