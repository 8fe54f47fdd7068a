#pragma once

#include <cstddef>
#include <string>

namespace neve {

/// Where something stood: in a file, or on the command line. A plain value.
struct TextPlace {
  std::string text;        ///< what messages call it: "fiber.yaml:12:5", or the flag that set it
  std::size_t line = 0;    ///< counted from 1; 0 if it stood in no file
  std::size_t column = 0;  ///< in code points, counted from 1; 0 if it stood in no file
};

}  // namespace neve
