#pragma once

#include <cstddef>
#include <string_view>

#include "cli/text/line_style.hpp"

namespace neve::cli {

/// What standard error leads to, found out once. A plain value.
struct Terminal {
  bool interactive = false;  ///< a terminal that can move its cursor
  LineStyle style{};

  /// From the descriptors and TERM, NO_COLOR, LC_ALL, LC_CTYPE and LANG.
  [[nodiscard]] static Terminal of_standard_error();
};

/// The size of the terminal that `fd` leads to, now; 80 by 24 where it cannot be told.
struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};
[[nodiscard]] TerminalSize terminal_size(int fd);

/// Writes the text on standard error as it is. A terminal that has gone away is no reason to stop, so nothing is
/// thrown.
void write_to_terminal(std::string_view text);

/// The width tables may have on standard output: the terminal's, or 0 (any) where it is none.
[[nodiscard]] std::size_t output_width();

}  // namespace neve::cli
