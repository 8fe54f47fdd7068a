#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace neve {

/// What the caller can do about a failure. Written into reports and mapped once each to an exit code, an HTTP status
/// and a Python exception, so the names and their order are part of the interface.
enum class ErrorCode {
  invalid_argument,  ///< the caller's input is wrong; the message says what would be right
  corrupt,           ///< stored bytes contradict themselves
  unsupported,       ///< well-formed, but outside what this build or format handles
  too_large,         ///< beyond a stated limit
  unavailable,       ///< a server or resource cannot be reached now; trying later may help
  timeout,           ///< a deadline passed
  cancelled,         ///< somebody asked for the work to stop
  io,                ///< the operating system refused a file operation
  stage_failed,      ///< a stage threw or a stage's command failed
  internal,          ///< a defect in neve
};

/// The code's name as spelt above.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// The one exception type neve throws. `what()` names the input, the place and the remedy; it never holds a secret.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, int error_number = 0)
      : std::runtime_error(message), code_(code), error_number_(error_number) {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  /// Of an `io` error what the operating system called it (an errno value); 0 if that is unknown.
  [[nodiscard]] int error_number() const noexcept { return error_number_; }

 private:
  ErrorCode code_;
  int error_number_;
};

/// An `io` error whose message is `what` followed by the text of `error_number` (an errno value).
[[nodiscard]] Error io_error(const std::string& what, int error_number);

}  // namespace neve
