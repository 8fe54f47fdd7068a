#include "cache/guard/processor_wait.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include <neve/base/file.hpp>

namespace neve {

/// The second number of the file. Source: Linux, Documentation/scheduler/sched-stats.rst.
std::chrono::nanoseconds waited_for_processor() noexcept {
  const FileDescriptor file(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC));
  std::array<char, 128> buffer{};
  const ssize_t size = file.valid() ? ::read(file.get(), buffer.data(), buffer.size()) : 0;
  const std::string_view text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t space = text.find(' ');
  std::chrono::nanoseconds::rep waited = 0;
  if (space != std::string_view::npos)
    (void)std::from_chars(text.data() + space + 1, text.data() + text.size(), waited);
  return std::chrono::nanoseconds(waited);
}

}  // namespace neve
