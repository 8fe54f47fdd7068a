#pragma once

namespace neve::cli {

/// How lines may look. A plain value.
struct LineStyle {
  bool colour = false;
  bool unicode = false;
};

}  // namespace neve::cli
