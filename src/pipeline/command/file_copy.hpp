#pragma once

#include <filesystem>
#include <string>

namespace neve {

/// Makes `target`, which must not exist, a copy of the input file `source`: of its own, so that whatever is done to it,
/// the source stays. Shares the blocks where the file system can (Btrfs, XFS, within one file system), which costs
/// neither time nor space. Throws `io`, naming the input as `name`.
void copy_input(const std::filesystem::path& source, const std::filesystem::path& target, const std::string& name);

}  // namespace neve
