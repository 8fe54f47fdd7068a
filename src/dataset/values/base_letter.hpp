#pragma once

#include <string>
#include <string_view>

namespace neve::dataset {

/// Appends what the character at the front of `text`, which is UTF-8, is in a name, and takes it away: small letters
/// and digits, letters of Latin-1 without their marks, those of other scripts as they are. False: it separates words.
bool append_letter(std::string_view& text, std::string& name);

}  // namespace neve::dataset
