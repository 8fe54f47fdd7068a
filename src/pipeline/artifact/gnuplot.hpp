#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve {

/// A plot as gnuplot reads it: a script and the data files it names, both relative to one folder. The script writes
/// `plot.png`. Depends on the plot only.
struct GnuplotInput {
  std::string script;
  std::map<std::string, std::vector<std::byte>> files;
};
[[nodiscard]] GnuplotInput make_gnuplot_input(const Plot& plot);

/// Draws by running `program` (found on the PATH) without a shell in a folder of its own in `temporary_folder`; returns
/// the PNG file. After `limit` the program is killed, with everything it started. Throws `unavailable` if there is no
/// such program, `io` if it fails, with the first line it said, `timeout` if it was killed.
[[nodiscard]] Bytes draw_png(const Plot& plot, const std::string& program,
                             const std::filesystem::path& temporary_folder, std::chrono::milliseconds limit);

}  // namespace neve
