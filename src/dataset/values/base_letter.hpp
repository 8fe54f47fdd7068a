#pragma once

#include <string>
#include <string_view>

namespace neve::dataset {

/// Appends what the character at the front of `text`, which is UTF-8, is in a name, and takes it away: letters in
/// small, those of the Latin alphabet without their marks (`ł` as l, `ß` as ss), and digits; letters and marks of other
/// scripts with theirs. False: it separates words.
bool append_letter(std::string_view& text, std::string& name);

}  // namespace neve::dataset
