#include <neve/base/file_lock.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

#include <neve/base/error.hpp>

namespace neve {

FileLock::FileLock(const std::filesystem::path& path, Sharing sharing) {
  make_folders(path.parent_path());
  file_ = open_regular_file(path, O_RDWR | O_CREAT);
  if (!file_.valid()) throw io_error("cannot open '" + path.string() + "'", errno);
  while (::flock(file_.get(), sharing == Sharing::shared ? LOCK_SH : LOCK_EX) != 0) {
    if (errno != EINTR) throw io_error("cannot lock '" + path.string() + "'", errno);
  }
}

}  // namespace neve
