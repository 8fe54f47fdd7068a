#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

// A file that a stage says it reads: what it holds, and whether that is still so.
namespace neve {

/// What a file held when it was read. A plain value.
struct FileReading {
  InputFile content;
  bool lasts = false;  ///< whoever finds the file with the stamp from before the reading would read the same
};

/// The file's stamp, to be taken before it is read; errors call it `name`. Throws `invalid_argument` if there is no
/// such file, and `io`.
[[nodiscard]] FileStamp stamp_of_declared(const std::filesystem::path& path, const std::string& name);

/// Reads what the file holds, whose stamp was `before`. Throws as `hash_input_file`.
[[nodiscard]] FileReading read_declared(const std::filesystem::path& path, const FileStamp& before,
                                        const OnBlock& on_block);

/// Counts into `done` what is read, tells it with the `total` that there is, and ends the reading with `cancelled` when
/// the watch's stop is requested. Borrows both.
[[nodiscard]] OnBlock watched(const ReadingWatch& watch, std::uint64_t& done, std::uint64_t total);

/// Whether the file surely has held `content` since it was digested; `before` is its stamp of then, and `settled`
/// whether who writes to it later changes that, which this may find out. Throws as `hash_input_file`, and what
/// `on_block` throws.
[[nodiscard]] bool is_unchanged(const std::filesystem::path& path, const FileStamp& before, bool& settled,
                                const InputFile& content, const OnBlock& on_block);

}  // namespace neve
