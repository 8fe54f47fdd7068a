#include "pipeline/command/input_files.hpp"

#include <algorithm>
#include <utility>

#include <neve/base/error.hpp>

#include "pipeline/command/file_copy.hpp"
#include "pipeline/command/file_pattern.hpp"
#include "pipeline/stage/declared_file.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostFiles = 100'000;
constexpr std::uint64_t kMostKept = 16 << 20;  // scripts and settings, which are what is edited while a sweep runs

}  // namespace

InputFiles::InputFiles(fs::path folder, std::vector<InputPattern> patterns)
    : InputFiles(std::move(folder), std::move(patterns), DigestMemory::of_process().now()) {}

InputFiles::InputFiles(fs::path folder, std::vector<InputPattern> patterns, DigestMemory::Moment since)
    : folder_(std::move(folder)), patterns_(std::move(patterns)), since_(since) {
  for (const InputPattern& pattern : patterns_) {
    try {
      add_pattern(pattern.text);
    } catch (const Error& error) {
      throw Error(error.code(), pattern.place + ": " + error.what());
    }
  }
  const auto by_name = [](const File& a, const File& b) { return a.name < b.name; };
  const auto same = [](const File& a, const File& b) { return a.name == b.name; };
  std::sort(files_.begin(), files_.end(), by_name);
  files_.erase(std::unique(files_.begin(), files_.end(), same), files_.end());
}

std::shared_ptr<const InputFiles> InputFiles::anew() const {
  return std::make_shared<const InputFiles>(folder_, patterns_, since_);
}

void InputFiles::add_pattern(const std::string& pattern) {
  const fs::path as_path(pattern);
  if (std::find(as_path.begin(), as_path.end(), "..") != as_path.end()) {
    throw Error(ErrorCode::invalid_argument, "the input '" + pattern +
                                                 "' leaves the pipeline file's folder; move the pipeline file "
                                                 "up, or give the absolute path");
  }
  const fs::path root = as_path.is_absolute() ? fs::path("/") : folder_;
  const std::vector<std::string> names = matching_files(root, pattern, kMostFiles);
  if (names.empty()) {
    const std::string all = (as_path / "**").string();
    throw Error(ErrorCode::invalid_argument,
                fs::is_directory(root / as_path.relative_path())
                    ? "the input '" + pattern + "' is a folder; write '" + all + "' for all files in it but hidden ones"
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

/// Reads what the file holds; its stamp was taken before, so that what changes meanwhile is noticed by
/// `require_unchanged`. Where others were waited for that may have been long before, and what was read may be of
/// another file: a link or folder may lead elsewhere for a while.
void InputFiles::read(File& file, const OnBlock& on_block, const std::stop_token& stop) const {
  FileReading reading = DigestMemory::of_process().content(
      file.path, file.stamp, [&] { return read_declared(file.path, file.stamp, on_block); }, stop, since_);
  file.content = std::move(reading.content);
  file.settled = reading.lasts;
}

/// How much there is to read.
std::uint64_t InputFiles::bytes_unknown() const {
  std::uint64_t bytes = 0;
  for (const File& file : files_) {
    const FileStamp stamp = stamp_of_declared(file.path, file.name);
    if (!DigestMemory::of_process().recall(file.path, stamp, since_)) bytes += stamp.size;
  }
  return bytes;
}

std::map<std::string, InputFile> InputFiles::digests(const ReadingWatch& watch) const {
  const std::lock_guard lock(mutex_);
  if (!digested_) {
    const std::uint64_t total = watch.on_progress ? bytes_unknown() : 0;
    std::uint64_t done = 0;
    const OnBlock on_block = watched(watch, done, total);
    for (File& file : files_) {
      file.stamp = stamp_of_declared(file.path, file.name);
      read(file, on_block, watch.stop);
    }
    // A file may have become smaller, or another stage may have read it first.
    if (watch.on_progress && done > 0 && done < total) watch.on_progress(total, total);
    digested_ = true;
  }
  std::map<std::string, InputFile> contents;
  for (const File& file : files_) contents.emplace(file.name, file.content);
  return contents;
}

std::set<std::string> InputFiles::names() const {
  std::set<std::string> names;
  for (const File& file : files_) names.insert(file.name);  // only their contents change
  return names;
}

void InputFiles::fail_changed(const File& file) {
  throw Error(
      ErrorCode::invalid_argument,
      "the input file '" + file.name +
          "' was changed after this run had read it, and all stages of a run or sweep must see the same content; "
          "what was computed before is kept: run again, and leave the file as it is until the run ends");
}

void InputFiles::keep(File& file, const fs::path& copy) const {
  if (file.content.bytes > kMostKept - kept_bytes_) return;
  file.kept = read_copy(copy);
  kept_bytes_ += file.content.bytes;
}

bool InputFiles::has_changed(const File& file) {
  const std::optional<FileStamp> stamp = file_stamp(file.path);
  if (stamp == file.stamp) return false;
  if (!stamp || stamp->size > kMostKept) return true;  // it is gone, or too large by now to be read for this
  try {
    return hash_input_file(file.path) != file.content;
  } catch (const Error&) {
    return true;
  }
}

std::vector<std::string> InputFiles::lay_into(const fs::path& folder, const OnBlock& on_block) const {
  std::vector<std::string> changed;
  const std::lock_guard lock(mutex_);
  for (File& file : files_) {
    if (fs::path(file.name).is_absolute()) continue;
    const fs::path target = folder / file.name;
    fs::create_directories(target.parent_path());
    if (file.kept) {
      write_copy(*file.kept, target, file.name);
      if (has_changed(file)) changed.push_back(file.name);
      continue;
    }
    copy_input(file.path, target, file.name, on_block);
    // An earlier attempt, or what else the run did, may have taken longer than the file stayed as it was digested.
    const bool same = file.settled && file_stamp(file.path) == file.stamp;
    if (digested_ && !same && hash_input_file(target, on_block) != file.content) fail_changed(file);
    if (digested_) keep(file, target);
  }
  return changed;
}

void InputFiles::require_unchanged(const OnBlock& on_block) const {
  const std::lock_guard lock(mutex_);
  if (!digested_) return;
  for (File& file : files_) {
    if (!fs::path(file.name).is_absolute()) continue;  // the command saw a copy of what was digested
    if (!is_unchanged(file.path, file.stamp, file.settled, file.content, on_block)) fail_changed(file);
  }
}

}  // namespace neve
