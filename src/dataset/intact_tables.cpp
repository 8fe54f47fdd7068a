#include "dataset/intact_tables.hpp"

#include <cerrno>

#include <neve/base/error.hpp>

#include "dataset/file_sha256.hpp"

namespace neve::dataset {

void IntactTables::require(const DatasetRecord& record) {
  const std::string name = "'" + record.normalized.string() + "'";
  const std::optional<FileStamp> stamp = file_stamp(record.normalized);
  if (!stamp && errno != ENOENT) throw io_error("cannot read " + name, errno);
  if (!stamp) throw Error(ErrorCode::corrupt, name + " is missing; add the file again");
  Intact intact{record.normalized_sha256, *stamp};
  {
    const std::lock_guard lock(mutex_);
    const auto known = intact_.find(record.id);
    if (known != intact_.end() && known->second == intact) return;
  }
  if (file_sha256(record.normalized) != record.normalized_sha256) {
    throw Error(ErrorCode::corrupt, name + " is not what was written there (its SHA-256 is another): add '" +
                                        record.original.string() + "' again, as the same dataset");
  }
  const std::lock_guard lock(mutex_);
  if (intact_.size() >= kMost) intact_.clear();
  intact_.insert_or_assign(record.id, std::move(intact));
}

}  // namespace neve::dataset
