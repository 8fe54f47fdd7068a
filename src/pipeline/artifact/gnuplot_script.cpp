#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "pipeline/artifact/gnuplot.hpp"

namespace neve {
namespace {

constexpr std::array kViridis = {"#440154", "#482878", "#3e4989", "#31688e", "#26828e",
                                 "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"};
/// Colours that people with any kind of colour vision tell apart. Source: M. Okabe, K. Ito, "Color Universal Design"
/// (2008).
constexpr std::array kLineColors = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};
constexpr std::pair<double, double> kDefaultDbRange = {-60, 0};
constexpr double kBelowEverything = -1000;  // dB of what has no power

/// Text that gnuplot takes literally: in single quotes only the quote itself is special, and is doubled.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

std::string axis_label(const Axis& axis) {
  if (axis.scale == Scale::db) return axis.label.empty() ? "dB" : axis.label + " (dB)";
  if (axis.unit.empty()) return axis.label;
  return axis.label.empty() ? axis.unit : axis.label + " (" + axis.unit + ")";
}

/// The largest finite value of all, or 0 if there is none above 0.
template <class Range>
double peak(const Range& values, double so_far = 0) {
  for (const auto value : values) {
    if (std::isfinite(value)) so_far = std::max(so_far, static_cast<double>(value));
  }
  return so_far;
}

double to_db(double value, double reference) {
  if (std::isnan(value)) return value;
  if (!(value > 0) || !(reference > 0)) return kBelowEverything;
  return 10 * std::log10(value / reference);
}

template <class T>
void append(std::vector<std::byte>& bytes, T value) {
  std::array<std::byte, sizeof(T)> raw;
  std::memcpy(raw.data(), &value, sizeof(T));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

void set_axis(std::string& script, const char* name, const Axis& axis) {
  script += fmt::format("set {}label {}\n", name, quoted(axis_label(axis)));
  if (axis.scale == Scale::log) script += fmt::format("set logscale {}\nset format {} '%g'\n", name, name);
  std::optional<std::pair<double, double>> range = axis.range;
  if (!range && axis.scale == Scale::db) range = kDefaultDbRange;
  if (range) script += fmt::format("set {}range [{}:{}]\n", name, range->first, range->second);
}

std::string header(const Plot& plot) {
  std::string script =
      "set encoding utf8\n"
      "set terminal pngcairo noenhanced size 1280,800 font 'Sans,18' background '#ffffff'\n"
      "set output 'plot.png'\n"
      "set border linewidth 1.2\n"
      "set tics out nomirror\n"
      "set format '%h'\n";  // the default has a space in front, which moves the labels off their tics
  script += "set title " + quoted(plot.title) + "\n";
  set_axis(script, "x", plot.x);
  set_axis(script, "y", plot.y);
  return script;
}

/// Adds the map's data and how to plot it.
std::string add_map(const Plot& plot, const HeatMap& map, GnuplotInput& input) {
  set_axis(input.script, "cb", plot.color);
  input.script += "set cblabel offset 1.2,0\nset rmargin at screen 0.84\nset palette defined (";
  for (std::size_t i = 0; i < kViridis.size(); ++i)
    input.script += fmt::format("{}{} '{}'", i == 0 ? "" : ", ", i, kViridis[i]);
  input.script += ")\n";
  const double dx = (map.x.back() - map.x.front()) / static_cast<double>(map.x.size() - 1);
  const double dy = (map.y.back() - map.y.front()) / static_cast<double>(map.y.size() - 1);
  if (!plot.x.range) input.script += fmt::format("set xrange [{}:{}]\n", map.x.front() - dx / 2, map.x.back() + dx / 2);
  if (!plot.y.range) input.script += fmt::format("set yrange [{}:{}]\n", map.y.front() - dy / 2, map.y.back() + dy / 2);
  const bool db = plot.color.scale == Scale::db;
  const double reference = db ? peak(map.z) : 0;
  std::vector<std::byte>& data = input.files["map.bin"];
  for (const float z : map.z) append(data, db ? static_cast<float>(to_db(z, reference)) : z);
  return fmt::format("'map.bin' binary array=({},{}) format='%float32' origin=({},{}) dx={} dy={} with image notitle",
                     map.x.size(), map.y.size(), map.x.front(), map.y.front(), dx, dy);
}

/// The values of all lines together that 0 dB stands for.
double line_reference(const Plot& plot) {
  double reference = 0;
  for (const Line& line : plot.lines) reference = peak(line.y, reference);
  return reference;
}

std::string add_line(const Plot& plot, std::size_t index, double reference, GnuplotInput& input) {
  const Line& line = plot.lines[index];
  const std::string file = fmt::format("line{}.bin", index);
  std::vector<std::byte>& data = input.files[file];
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    append(data, line.x[i]);
    append(data, plot.y.scale == Scale::db ? to_db(line.y[i], reference) : line.y[i]);
  }
  const char* const color = plot.map ? "#ffffff" : kLineColors[index % kLineColors.size()];
  const std::string title = line.label.empty() ? "notitle" : "title " + quoted(line.label);
  return fmt::format(
      "'{}' binary record={} format='%float64%float64' using 1:2 with lines linewidth 2 linecolor rgb '{}' {}", file,
      line.x.size(), color, title);
}

}  // namespace

GnuplotInput make_gnuplot_input(const Plot& plot) {
  GnuplotInput input{.script = header(plot), .files = {}};
  std::vector<std::string> parts;
  if (plot.map) parts.push_back(add_map(plot, *plot.map, input));
  if (!plot.map) {
    input.script += "set grid xtics ytics linetype 1 linecolor rgb '#e0e0e0'\n";
    input.script += "set key outside top right horizontal\n";  // inside, a curve that reaches the top strikes words out
  }
  const double reference = plot.y.scale == Scale::db ? line_reference(plot) : 0;
  for (std::size_t i = 0; i < plot.lines.size(); ++i) parts.push_back(add_line(plot, i, reference, input));
  input.script += "plot ";
  for (std::size_t i = 0; i < parts.size(); ++i) input.script += (i == 0 ? "" : ", ") + parts[i];
  input.script += "\n";
  return input;
}

}  // namespace neve
