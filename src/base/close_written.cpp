#include <neve/base/close_written.hpp>

#include <unistd.h>

#include <cerrno>

namespace neve {

void close_written(FileDescriptor& file, const std::string& name) {
  // One that was interrupted is closed nevertheless, and what is left of it is written later.
  if (::close(file.release()) != 0 && errno != EINTR) throw io_error("cannot write '" + name + "'", errno);
}

}  // namespace neve
