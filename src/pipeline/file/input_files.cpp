#include "pipeline/file/input_files.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>

#include <neve/base/error.hpp>

#include "pipeline/file/file_pattern.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostFiles = 100'000;
constexpr std::uint64_t kLargestCopy = std::uint64_t{64} << 20;

}  // namespace

InputFiles::InputFiles(const fs::path& folder, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) add_pattern(folder, pattern);
  const auto by_name = [](const File& a, const File& b) { return a.name < b.name; };
  const auto same = [](const File& a, const File& b) { return a.name == b.name; };
  std::sort(files_.begin(), files_.end(), by_name);
  files_.erase(std::unique(files_.begin(), files_.end(), same), files_.end());
}

void InputFiles::add_pattern(const fs::path& folder, const std::string& pattern) {
  const fs::path as_path(pattern);
  if (std::find(as_path.begin(), as_path.end(), "..") != as_path.end()) {
    throw Error(ErrorCode::invalid_argument, "the input '" + pattern +
                                                 "' leaves the pipeline file's folder; move the pipeline file "
                                                 "up, or give the absolute path");
  }
  const fs::path root = as_path.is_absolute() ? fs::path("/") : folder;
  const std::vector<std::string> names = matching_files(root, pattern, kMostFiles);
  if (names.empty()) {
    const bool is_folder = fs::is_directory(root / as_path.relative_path());
    throw Error(ErrorCode::invalid_argument,
                is_folder ? "the input '" + pattern + "' is a folder; write '" + pattern + "/**' for all files in it"
                          : "the input '" + pattern + "' matches no file" +
                                (as_path.is_absolute() ? "" : " in the folder of the pipeline file"));
  }
  for (const std::string& name : names) {
    files_.push_back({as_path.is_absolute() ? "/" + name : name, fs::absolute(root / name)});
  }
  if (files_.size() > kMostFiles) {
    throw Error(ErrorCode::too_large, "more than " + std::to_string(kMostFiles) + " input files");
  }
}

InputFiles::Stamp InputFiles::stamp_of(const File& file) {
  struct stat status {};
  if (::stat(file.path.c_str(), &status) != 0) throw io_error("cannot read the input file '" + file.name + "'", errno);
  return {static_cast<std::uint64_t>(status.st_size), status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

std::map<std::string, InputFile> InputFiles::digests() const {
  const std::lock_guard lock(mutex_);
  if (!digested_) {
    for (File& file : files_) {
      file.stamp = stamp_of(file);  // before reading: what changes meanwhile is noticed by `require_unchanged`
      file.content = hash_input_file(file.path);
    }
    digested_ = true;
  }
  std::map<std::string, InputFile> contents;
  for (const File& file : files_) contents.emplace(file.name, file.content);
  return contents;
}

void InputFiles::lay_into(const fs::path& folder) const {
  const std::lock_guard lock(mutex_);
  for (const File& file : files_) {
    if (fs::path(file.name).is_absolute()) continue;
    const fs::path target = folder / file.name;
    fs::create_directories(target.parent_path());
    if (fs::file_size(file.path) <= kLargestCopy) {
      fs::copy_file(file.path, target);
    } else {
      fs::create_symlink(file.path, target);
    }
  }
}

void InputFiles::require_unchanged() const {
  const std::lock_guard lock(mutex_);
  if (!digested_) return;
  for (const File& file : files_) {
    if (stamp_of(file) == file.stamp) continue;
    throw Error(
        ErrorCode::stage_failed,
        "the input file '" + file.name + "' changed while the command ran, so its result belongs to no key; run again");
  }
}

}  // namespace neve
