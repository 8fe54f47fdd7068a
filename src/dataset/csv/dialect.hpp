#pragma once

namespace neve::dataset {

/// How fields and records are told apart in a text. A plain value.
struct Dialect {
  char delimiter = ',';
  char quote = '"';                ///< '\0': there is none
  bool backslash_escapes = false;  ///< a backslash takes the meaning of the character after it
  char line_end = '\n';            ///< '\r' in texts of old Macs; a '\r' before a '\n' never counts

  friend bool operator==(const Dialect&, const Dialect&) = default;
};

}  // namespace neve::dataset
