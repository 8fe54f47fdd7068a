#include "dataset/analysis/artifacts/artifact_limit.hpp"

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

#include <neve/base/digest.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/dataset/analysis/artifacts.hpp>

#include "dataset/dataset_folder.hpp"
#include "dataset/staging_folder.hpp"

namespace neve::dataset {
namespace {

namespace fs = std::filesystem;

/// The artifacts of one question.
struct Kept {
  fs::path folder;
  std::uint64_t bytes = 0;
  fs::file_time_type used;
};

/// Somebody may remove them meanwhile; what has gone takes nothing.
Kept count(const fs::path& folder) {
  Kept kept{folder, 0, fs::file_time_type::min()};
  std::error_code missing;
  for (auto item = fs::recursive_directory_iterator(folder, missing);
       !missing && item != fs::recursive_directory_iterator(); item.increment(missing)) {
    std::error_code none;
    if (!item->is_regular_file(none)) continue;
    if (const auto size = item->file_size(none); !none) kept.bytes += size;
    if (const auto used = item->last_write_time(none); !none) kept.used = std::max(kept.used, used);
  }
  return kept;
}

/// A question's folder is named by its digest; what else lies there, or is linked there, is somebody's own.
std::vector<Kept> least_recently_used_first(const fs::path& analyses) {
  std::vector<Kept> all;
  std::error_code missing;
  for (const auto& item : fs::directory_iterator(analyses, missing)) {
    std::error_code none;
    const bool ours = is_sha256_hex(item.path().filename().string()) && fs::is_directory(item.symlink_status(none));
    if (ours) all.push_back(count(item.path()));
  }
  std::sort(all.begin(), all.end(), [](const Kept& left, const Kept& right) { return left.used < right.used; });
  return all;
}

}  // namespace

void ArtifactLimit::written(const DatasetRecord& dataset, const std::string& params_hash, std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    Folder& folder = folders_[dataset.id];
    folder.written += bytes;
    const bool room = folder.bytes + folder.written <= most_bytes_ && folder.written < most_bytes_ / 10;
    if (folder.trimming || (folder.counted && room)) return;
    folder.trimming = true;
    folder.written = 0;  // what is written from now on may be missed by the count
  }
  std::optional<std::uint64_t> left;
  const auto end = [&] {
    const std::lock_guard lock(mutex_);
    Folder& folder = folders_[dataset.id];
    folder.trimming = false;
    folder.counted = left.has_value();
    folder.bytes = left.value_or(0);
  };
  try {
    left = trim(dataset, params_hash);
  } catch (...) {
    end();
    throw;
  }
  end();
}

/// What the artifacts take afterwards. Room for a tenth is made, so that not each further one means counting anew.
std::uint64_t ArtifactLimit::trim(const DatasetRecord& dataset, const std::string& kept) const {
  const StoreLayout layout{store_.root()};
  const std::vector<Kept> all = least_recently_used_first(dataset.analyses);
  std::uint64_t bytes = 0;
  for (const Kept& one : all) bytes += one.bytes;
  if (bytes <= most_bytes_) return bytes;
  // Goes with all that was moved there; after a crash, with the next folder that is made beside it.
  StagingFolder remains(layout.staging());
  // Nobody writes there, and the dataset is not replaced, while something is taken away.
  const FileLock lock(layout.locks() / dataset.id);
  if (store_.generation(dataset.id) != dataset.generation) return 0;
  for (const Kept& one : all) {
    if (bytes <= most_bytes_ - most_bytes_ / 10) break;
    if (one.folder.filename() == kept || count(one.folder).used != one.used) continue;  // used meanwhile
    std::error_code error;
    fs::rename(one.folder, remains.path() / one.folder.filename(), error);
    if (!error || error == std::errc::no_such_file_or_directory) bytes -= one.bytes;
  }
  return bytes;
}

}  // namespace neve::dataset
