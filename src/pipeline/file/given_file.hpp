#pragma once

#include <cstdint>
#include <filesystem>

#include <neve/base/bytes.hpp>

namespace neve {

/// The whole file that somebody named. Throws `invalid_argument` if there is none or it is a folder, `too_large` beyond
/// `limit` bytes, and `io`.
[[nodiscard]] Bytes read_given_file(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace neve
