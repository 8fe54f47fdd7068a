#include "pipeline/command/file_pattern.hpp"

#include <algorithm>
#include <fnmatch.h>

#include <neve/base/error.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

/// Walks the folders that a pattern can reach.
class PatternWalk {
 public:
  PatternWalk(fs::path root, const std::string& pattern, std::size_t limit)
      : root_(std::move(root)), pattern_(pattern), limit_(limit) {
    for (const fs::path& part : fs::path(pattern).relative_path().lexically_normal()) parts_.push_back(part.string());
  }

  std::vector<std::string> run() {
    visit("", 0);
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  void visit(const fs::path& inside, std::size_t part) {
    if (part == parts_.size()) {
      if (is_file(inside)) add(inside);
    } else if (parts_[part] == "**") {
      visit(inside, part + 1);
      for_each_name(inside, "*", [&](const fs::path& next) {
        // A link to a folder could lead round in circles, so "**" does not follow it.
        if (fs::is_directory(fs::symlink_status(root_ / next))) visit(next, part);
      });
      if (part + 1 == parts_.size()) for_each_name(inside, "*", [&](const fs::path& next) { visit(next, part + 1); });
    } else if (parts_[part].find_first_of("*?[") == std::string::npos) {
      visit(inside / parts_[part], part + 1);
    } else {
      for_each_name(inside, parts_[part], [&](const fs::path& next) { visit(next, part + 1); });
    }
  }

  template <class Visit>
  void for_each_name(const fs::path& inside, const std::string& pattern, Visit go) {
    std::error_code error;
    for (fs::directory_iterator entry(root_ / inside, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0) go(inside / name);
    }
    if (error) require_nothing_there(error, inside);
  }

  /// False for what is no file. Throws for what may be one.
  bool is_file(const fs::path& name) const {
    std::error_code error;
    const fs::file_status status = fs::status(root_ / name, error);
    if (fs::is_regular_file(status)) return true;
    if (fs::exists(status)) return false;
    std::error_code none;
    if (fs::is_symlink(fs::symlink_status(root_ / name, none))) {
      throw Error(ErrorCode::invalid_argument,
                  "the input '" + pattern_ + "' matches the link '" + name.generic_string() + "', whose target '" +
                      fs::read_symlink(root_ / name, none).string() +
                      "' is not there; without it the command would have fewer files than it seems");
    }
    if (error) require_nothing_there(error, name);
    return false;
  }

  /// Throws unless there is nothing to find: what cannot be looked at would be missing from the files unnoticed.
  void require_nothing_there(const std::error_code& error, const fs::path& name) const {
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) return;
    throw io_error("cannot look for the input '" + pattern_ + "' in '" + name.generic_string() + "'", error.value());
  }

  void add(const fs::path& name) {
    if (found_.size() >= limit_) {
      throw Error(ErrorCode::too_large, "'" + pattern_ + "' matches more than " + std::to_string(limit_) + " files");
    }
    found_.push_back(name.generic_string());
  }

  fs::path root_;
  const std::string& pattern_;
  std::size_t limit_;
  std::vector<std::string> parts_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> matching_files(const fs::path& folder, const std::string& pattern, std::size_t limit) {
  return PatternWalk(folder, pattern, limit).run();
}

}  // namespace neve
