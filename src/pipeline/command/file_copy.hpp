#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>

#include <neve/base/bytes.hpp>
#include <neve/key/input_file.hpp>

namespace neve {

/// Makes `target`, which must not exist, a copy of the input file `source`: of its own, so that whatever is done to it,
/// the source stays. Shares the blocks where the file system can (Btrfs, XFS, within one file system), which costs
/// neither time nor space. Throws `io`, naming the input as `name`, and what `on_block` throws.
void copy_input(const std::filesystem::path& source, const std::filesystem::path& target, const std::string& name,
                const OnBlock& on_block = {});

/// The content of a copy, to make more of. A plain value.
struct KeptFile {
  Bytes content;
  mode_t mode;
};

/// Throws `io`.
[[nodiscard]] KeptFile read_copy(const std::filesystem::path& copy);

/// Makes `target`, which must not exist, another copy of the input file `name`. Throws `io`.
void write_copy(const KeptFile& kept, const std::filesystem::path& target, const std::string& name);

}  // namespace neve
