#pragma once

#include <string>
#include <string_view>

namespace neve {

/// Appends `text` as a JSON string, quotes and ASCII escapes included, as `dump_compact_json` prints it: for writers of
/// JSON that have no tree. Throws `invalid_argument` for text that is not UTF-8; what was appended by then stays.
void append_json_string(std::string& out, std::string_view text);

}  // namespace neve
