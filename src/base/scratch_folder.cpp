#include <neve/base/scratch_folder.hpp>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <neve/base/error.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

/// Lets the owner into all folders below; what is in a folder can be removed by whoever may write to it.
void open_up(const fs::path& folder) {
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, ignored);
  for (auto entry = fs::directory_iterator(folder, ignored); entry != fs::directory_iterator();
       entry.increment(ignored)) {
    if (entry->symlink_status(ignored).type() == fs::file_type::directory) open_up(entry->path());
  }
}

}  // namespace

ScratchFolder::ScratchFolder(const fs::path& parent, std::string_view purpose) {
  if (parent.empty()) throw Error(ErrorCode::invalid_argument, "no folder was named to make temporary folders in");
  std::string pattern = (fs::absolute(parent) / ("neve-" + std::string(purpose) + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw io_error("cannot make a temporary folder in '" + parent.string() + "' (set TMPDIR to another place)", errno);
  }
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
  if (!error) return;
  open_up(path_);
  fs::remove_all(path_, error);  // what still cannot be removed stays in the temporary folder, which its owner clears
}

}  // namespace neve
