#pragma once

#include <string>
#include <string_view>

namespace neve {

/// What to tell somebody whose command the shell did not find: ": there is no 'pyhton3' on the PATH (did you mean
/// 'python3'?)", or an empty string if the command's first word is there or is not a plain word.
[[nodiscard]] std::string missing_command_hint(std::string_view command, std::string_view path);

}  // namespace neve
