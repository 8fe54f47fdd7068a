#pragma once

#include <filesystem>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

namespace neve {

/// Whether the file surely has held `content` since it was digested; `before` is its stamp of then, and `settled`
/// whether who writes to it later changes that, which this may find out. Throws as `hash_input_file`, and what
/// `on_block` throws.
[[nodiscard]] bool is_unchanged(const std::filesystem::path& path, const FileStamp& before, bool& settled,
                                const InputFile& content, const OnBlock& on_block);

}  // namespace neve
