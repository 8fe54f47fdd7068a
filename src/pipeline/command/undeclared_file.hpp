#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <neve/key/input_file.hpp>

namespace neve {

/// What to tell somebody whose command failed and spoke of a file (in `text`: the command and what it printed) that is
/// in `folder`, where the pipeline file is, but not among the `declared`: a line that begins with a line feed, or an
/// empty string.
[[nodiscard]] std::string undeclared_file_hint(std::string_view text, const std::filesystem::path& folder,
                                               const std::map<std::string, InputFile>& declared);

}  // namespace neve
