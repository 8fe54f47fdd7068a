#include <algorithm>
#include <cmath>
#include <limits>

#include <neve/base/error.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve {
namespace {

[[noreturn]] void refuse(const std::string& problem) { throw Error(ErrorCode::invalid_argument, "plot: " + problem); }

void check_line(const Line& line, std::size_t index) {
  if (line.x.size() == line.y.size() && !line.x.empty()) return;
  refuse("line " + std::to_string(index) + " ('" + line.label + "') has " + std::to_string(line.x.size()) +
         " x values and " + std::to_string(line.y.size()) + " y values; it needs as many of both, at least one");
}

/// Within a hundredth of a cell, which no print shows.
void check_even(const std::vector<double>& axis, const char* name) {
  if (axis.size() < 2) refuse(std::string("the map's ") + name + " axis needs at least two values");
  const double step = (axis.back() - axis.front()) / static_cast<double>(axis.size() - 1);
  for (std::size_t i = 0; i < axis.size(); ++i) {
    const double expected = axis.front() + step * static_cast<double>(i);
    if (!(step > 0) || !(std::abs(axis[i] - expected) <= 0.01 * step)) {
      refuse(std::string("the map's ") + name + " axis is not ascending and evenly spaced at value " +
             std::to_string(i) + "; resample the map to an even grid");
    }
  }
}

void check_map(const HeatMap& map) {
  check_even(map.x, "x");
  check_even(map.y, "y");
  if (map.z.size() != map.x.size() * map.y.size()) {
    refuse("the map has " + std::to_string(map.z.size()) + " values where its axes ask for " +
           std::to_string(map.y.size()) + " rows of " + std::to_string(map.x.size()));
  }
}

/// Indices of the first, lowest, highest and last point of [begin, end), each once and in order.
std::vector<std::size_t> extremes(const std::vector<double>& y, std::size_t begin, std::size_t end) {
  std::size_t low = end, high = end;
  for (std::size_t i = begin; i < end; ++i) {
    if (std::isnan(y[i])) continue;
    if (low == end || y[i] < y[low]) low = i;
    if (high == end || y[i] > y[high]) high = i;
  }
  if (low == end) return {begin};  // nothing but NaN: one of them keeps the gap
  std::vector<std::size_t> kept = {begin, low, high, end - 1};
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return kept;
}

Line decimate_line(Line line) {
  if (line.x.size() <= kPlotLinePoints) return line;
  const std::size_t runs = kPlotLinePoints / 4;
  Line out{.label = std::move(line.label)};
  for (std::size_t run = 0; run < runs; ++run) {
    for (const std::size_t i : extremes(line.y, line.x.size() * run / runs, line.x.size() * (run + 1) / runs)) {
      out.x.push_back(line.x[i]);
      out.y.push_back(line.y[i]);
    }
  }
  return out;
}

/// `count` cells over the stretch that the cells of `axis` cover.
std::vector<double> even_axis(const std::vector<double>& axis, std::size_t count) {
  if (count == axis.size()) return axis;
  const double cell = (axis.back() - axis.front()) / static_cast<double>(axis.size() - 1);
  const double width = cell * static_cast<double>(axis.size()) / static_cast<double>(count);
  std::vector<double> even(count);
  for (std::size_t i = 0; i < count; ++i) {
    even[i] = axis.front() - cell / 2 + width * (static_cast<double>(i) + 0.5);
  }
  return even;
}

HeatMap decimate_map(HeatMap map) {
  const std::size_t columns = map.x.size(), rows = map.y.size();
  const std::size_t width = std::min(columns, kPlotMapWidth), height = std::min(rows, kPlotMapHeight);
  if (width == columns && height == rows) return map;
  HeatMap out{.x = even_axis(map.x, width), .y = even_axis(map.y, height)};
  out.z.assign(width * height, std::numeric_limits<float>::quiet_NaN());
  std::vector<std::size_t> column_of(columns);
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t c = columns * i / width; c < columns * (i + 1) / width; ++c) column_of[c] = i;
  }
  for (std::size_t j = 0; j < height; ++j) {
    float* const target = &out.z[j * width];
    for (std::size_t r = rows * j / height; r < rows * (j + 1) / height; ++r) {
      for (std::size_t c = 0; c < columns; ++c)
        target[column_of[c]] = std::fmax(target[column_of[c]], map.z[r * columns + c]);
    }
  }
  return out;
}

}  // namespace

Plot decimate(Plot plot) {
  if (plot.lines.empty() && !plot.map) refuse("there is neither a line nor a map");
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    check_line(plot.lines[i], i);
    plot.lines[i] = decimate_line(std::move(plot.lines[i]));
  }
  if (plot.x.scale == Scale::db) refuse("the x axis cannot be in dB");
  if (plot.map) {
    if (plot.x.scale != Scale::linear || plot.y.scale != Scale::linear)
      refuse("the axes of a map are linear; only its colour has another scale");
    check_map(*plot.map);
    plot.map = decimate_map(std::move(*plot.map));
  }
  return plot;
}

}  // namespace neve
