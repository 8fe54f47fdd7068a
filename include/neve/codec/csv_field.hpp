#pragma once

#include <string>
#include <string_view>

namespace neve {

/// Appends a field as RFC 4180 requires: quoted where it holds a comma, a quote or a line break. For numbers.
void append_csv_field(std::string& line, std::string_view field);

/// The same for text of the user's: what a spreadsheet would take for a formula gets an apostrophe before it.
void append_csv_text(std::string& line, std::string_view text);

}  // namespace neve
