#pragma once

#include <cstdio>
#include <cstdlib>

namespace neve::fuzz {

/// Ends the process, which libFuzzer reports with the input that did it, unless `holds`.
inline void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
  }
}

}  // namespace neve::fuzz
