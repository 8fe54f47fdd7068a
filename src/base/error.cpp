#include <neve/base/error.hpp>

#include <cerrno>
#include <system_error>

namespace neve {

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::io:
      return "io";
    case ErrorCode::stage_failed:
      return "stage_failed";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

Error io_error(const std::string& what, int error_number) {
  const bool too_many_files = error_number == EMFILE;
  return Error(ErrorCode::io,
               what + ": " + std::generic_category().message(error_number) +
                   (too_many_files ? " (raise the limit of open files, ulimit -n)" : ""),
               error_number);
}

}  // namespace neve
