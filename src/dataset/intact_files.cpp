#include "dataset/intact_files.hpp"

#include <cerrno>
#include <chrono>

#include <neve/base/error.hpp>

#include "dataset/file_sha256.hpp"

namespace neve::dataset {

bool IntactFiles::holds(const std::filesystem::path& file, const std::string& sha256) {
  const std::optional<FileStamp> stamp = file_stamp(file);
  if (!stamp && errno != ENOENT) throw io_error("cannot read '" + file.string() + "'", errno);
  if (!stamp) return false;
  Intact intact{sha256, *stamp};
  {
    const std::lock_guard lock(mutex_);
    const auto known = intact_.find(file.native());
    if (known != intact_.end() && known->second == intact) return true;
  }
  const std::chrono::nanoseconds read_at = std::chrono::system_clock::now().time_since_epoch();
  try {
    if (file_sha256(file) != sha256) return false;
  } catch (const NotARegularFile&) {
    return false;
  }
  if (!stamp->settled_before(read_at)) return true;  // the next change might leave the same stamp
  const std::lock_guard lock(mutex_);
  if (intact_.size() >= most_) intact_.clear();
  intact_.insert_or_assign(file.native(), std::move(intact));
  return true;
}

}  // namespace neve::dataset
