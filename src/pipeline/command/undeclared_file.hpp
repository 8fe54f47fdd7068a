#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace neve {

/// What to tell somebody whose command failed and spoke of a file (in `text`: the command and what it printed) that is
/// in `folder`, where the pipeline file is, but not among the `declared`: a line that begins with a line feed, or an
/// empty string.
[[nodiscard]] std::string undeclared_file_hint(std::string_view text, const std::filesystem::path& folder,
                                               const std::set<std::string>& declared);

/// What to tell somebody whose command names, by its absolute path, a file or folder in or below `folder` that is not
/// among the `declared`, and so enters no key; empty where there is none. Programs in a folder called `bin`, such as
/// those of a virtual environment, are left out.
[[nodiscard]] std::string unseen_change_remark(std::string_view command, const std::filesystem::path& folder,
                                               const std::set<std::string>& declared);

}  // namespace neve
