#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>

namespace neve {

/// How values are laid along an axis. Reaches cache entries; spelt as here.
enum class Scale {
  linear,
  log,  ///< logarithmic, base 10; values that are not positive are left out
  db,   ///< 10 log10 of the value over the largest value in the plot, for powers and intensities given linearly
};

/// One axis, or the colour scale of a map. A plain value.
struct Axis {
  std::string label{};
  std::string unit{};  ///< printed after the label in parentheses; empty for none
  Scale scale = Scale::linear;
  std::optional<std::pair<double, double>>
      range{};  ///< in shown units (dB where the scale is db); absent: fitted, and -60 to 0 for db
};

/// One curve: `x` and `y` of equal length, in the axes' units. NaN breaks the curve.
struct Line {
  std::string label{};  ///< for the legend; empty for none
  std::vector<double> x{};
  std::vector<double> y{};
};

/// Values on a rectangular grid: `z` is [y.size()][x.size()] row by row, `x` and `y` ascending and evenly spaced.
struct HeatMap {
  std::vector<double> x{};
  std::vector<double> y{};
  std::vector<float> z{};
};

/// A picture as data: curves, or a map with a colour scale. Drawn by the recorder. A plain value.
struct Plot {
  std::string title{};
  Axis x{};
  Axis y{};
  Axis color{};  ///< of the map
  std::vector<Line> lines{};
  std::optional<HeatMap> map{};
};

/// The most that is kept of a plot, about what print resolves.
inline constexpr std::size_t kPlotLinePoints = 4096;
inline constexpr std::size_t kPlotMapWidth = 1024;
inline constexpr std::size_t kPlotMapHeight = 768;

/// The plot at print resolution: of each run of neighbouring curve points the first, lowest, highest and last, of each
/// block of map cells the largest (so peaks survive). Deterministic; a plot that is small enough comes back unchanged.
///
/// Errors: `invalid_argument`, naming the plot's part, if sizes do not fit each other, a map's axis is not ascending
/// and
///   evenly spaced, or there is neither a line nor a map.
[[nodiscard]] Plot decimate(Plot plot);

/// A plot taken apart for storing: titles, axes and labels as JSON, curves and map as arrays.
struct EncodedPlot {
  Json description = nullptr;
  ArrayMap arrays{};
};
[[nodiscard]] EncodedPlot encode_plot(const Plot& plot);
/// Throws `corrupt` if the parts do not make a plot.
[[nodiscard]] Plot decode_plot(const Json& description, const ArrayMap& arrays);

}  // namespace neve
