#include <neve/pipeline/sweep.hpp>

#include <algorithm>

#include <neve/base/error.hpp>

namespace neve {
namespace {

std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dump_compact_json(value);
}

std::string label_of(const std::vector<std::pair<std::string, Json>>& settings) {
  std::string label;
  for (const auto& [path, value] : settings) label += (label.empty() ? "" : ", ") + path + "=" + value_text(value);
  return label;
}

/// Every point has a plan, metrics and a report: some kilobytes until the end.
void require_countable(const std::vector<std::size_t>& sizes) {
  constexpr std::size_t kMostPoints = 1'000'000;
  std::size_t count = 1;
  std::string product;
  for (const std::size_t size : sizes) {
    count = count > kMostPoints / size ? kMostPoints + 1 : count * size;
    product += (product.empty() ? "" : " x ") + std::to_string(size);
  }
  if (count <= kMostPoints) return;
  throw Error(ErrorCode::too_large, "sweep: more than " + std::to_string(kMostPoints) + " points (" + product +
                                        "); sweep in parts, or list the points that matter (neve run --points FILE)");
}

}  // namespace

Sweep& Sweep::over(std::string path, std::vector<Json> values) {
  return together({{std::move(path), std::move(values)}});
}

Sweep& Sweep::together(std::vector<std::pair<std::string, std::vector<Json>>> paths) {
  if (paths.empty()) throw Error(ErrorCode::invalid_argument, "sweep: there is no path to vary");
  Dimension dimension;
  const std::string first = paths.front().first;
  dimension.rows.resize(paths.front().second.size());
  std::vector<std::string> known = this->paths();
  for (auto& [path, values] : paths) {
    if (values.empty()) throw Error(ErrorCode::invalid_argument, "sweep: '" + path + "' has no values");
    if (std::find(known.begin(), known.end(), path) != known.end()) {
      throw Error(ErrorCode::invalid_argument, "sweep: '" + path + "' is varied twice");
    }
    if (values.size() != dimension.rows.size()) {
      throw Error(ErrorCode::invalid_argument,
                  "sweep: '" + path + "' has " + std::to_string(values.size()) + " values and '" + first + "' has " +
                      std::to_string(dimension.rows.size()) + "; what varies together has as many of each");
    }
    for (std::size_t i = 0; i < values.size(); ++i) dimension.rows[i].push_back(std::move(values[i]));
    known.push_back(path);
    dimension.paths.push_back(std::move(path));
  }
  dimensions_.push_back(std::move(dimension));
  return *this;
}

std::vector<std::string> Sweep::paths() const {
  std::vector<std::string> paths;
  for (const Dimension& dimension : dimensions_)
    paths.insert(paths.end(), dimension.paths.begin(), dimension.paths.end());
  return paths;
}

std::vector<SweepPoint> Sweep::points() const {
  std::vector<std::size_t> sizes;
  for (const Dimension& dimension : dimensions_) sizes.push_back(dimension.rows.size());
  require_countable(sizes);
  std::vector<SweepPoint> points(1);
  for (const Dimension& dimension : dimensions_) {
    std::vector<SweepPoint> extended;
    for (const SweepPoint& point : points) {
      for (const std::vector<Json>& row : dimension.rows) {
        SweepPoint next = point;
        for (std::size_t i = 0; i < row.size(); ++i) next.settings.emplace_back(dimension.paths[i], row[i]);
        extended.push_back(std::move(next));
      }
    }
    points = std::move(extended);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].index = i;
    points[i].label = label_of(points[i].settings);
  }
  return points;
}

}  // namespace neve
