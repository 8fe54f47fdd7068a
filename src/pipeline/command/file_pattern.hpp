#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace neve {

/// The names, relative to `folder`, of the files that `pattern` matches, sorted. `*`, `?` and `[...]` match within a
/// name and never a leading dot; `**` matches any number of folders. Throws `invalid_argument` for a link that leads
/// nowhere, `io` for a folder that cannot be read, `too_large` beyond `limit` names.
[[nodiscard]] std::vector<std::string> matching_files(const std::filesystem::path& folder, const std::string& pattern,
                                                      std::size_t limit);

}  // namespace neve
