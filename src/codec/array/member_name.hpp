#pragma once

#include <string>
#include <string_view>

namespace neve {

/// Why an array of this name may not be in an archive ("has a '..' component"), or nullptr if it may. Names are labels,
/// but somebody will extract an archive one day.
[[nodiscard]] const char* name_fault(std::string_view name) noexcept;

/// Throws `invalid_argument`, naming it, if an array of this name may not be in an archive.
void require_good_name(std::string_view name);

/// A name or text from a file for a message, as UTF-8: its beginning, in whole characters, with control characters (a
/// NUL would end the message) and bytes of no character escaped.
[[nodiscard]] std::string shown_name(std::string_view name);

/// The name of the array in a member: without `.npy`, if that is there.
[[nodiscard]] std::string_view array_name(std::string_view member_name) noexcept;

/// Text in code page 437, which zip names are in when nothing else is said, as UTF-8.
[[nodiscard]] std::string utf8_from_cp437(std::string_view text);

}  // namespace neve
