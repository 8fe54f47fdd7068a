#include <neve/base/error.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve {
namespace {

const char* scale_name(Scale scale) {
  switch (scale) {
    case Scale::linear:
      return "linear";
    case Scale::log:
      return "log";
    case Scale::db:
      return "db";
  }
  return "linear";
}

Scale scale_of(const std::string& name) {
  for (const Scale scale : {Scale::linear, Scale::log, Scale::db}) {
    if (name == scale_name(scale)) return scale;
  }
  throw Error(ErrorCode::corrupt, "plot: unknown scale '" + name + "'");
}

Json encode_axis(const Axis& axis) {
  Json range = nullptr;
  if (axis.range) range = Json::array({axis.range->first, axis.range->second});
  return {{"label", axis.label}, {"unit", axis.unit}, {"scale", scale_name(axis.scale)}, {"range", std::move(range)}};
}

Axis decode_axis(const Json& json) {
  Axis axis{.label = json.at("label").get<std::string>(),
            .unit = json.at("unit").get<std::string>(),
            .scale = scale_of(json.at("scale").get<std::string>())};
  const Json& range = json.at("range");
  if (!range.is_null()) axis.range = {range.at(0).get<double>(), range.at(1).get<double>()};
  return axis;
}

template <class T>
std::vector<T> values(const ArrayMap& arrays, const std::string& name) {
  const auto found = arrays.find(name);
  if (found == arrays.end()) throw Error(ErrorCode::corrupt, "plot: the array '" + name + "' is missing");
  const auto elements = found->second.as<T>();
  return {elements.begin(), elements.end()};
}

}  // namespace

EncodedPlot encode_plot(const Plot& plot) {
  EncodedPlot encoded;
  Json labels = Json::array();
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    const std::string prefix = "line" + std::to_string(i);
    labels.push_back(plot.lines[i].label);
    encoded.arrays.insert_or_assign(prefix + ".x", Array::from(plot.lines[i].x));
    encoded.arrays.insert_or_assign(prefix + ".y", Array::from(plot.lines[i].y));
  }
  if (plot.map) {
    encoded.arrays.insert_or_assign("map.x", Array::from(plot.map->x));
    encoded.arrays.insert_or_assign("map.y", Array::from(plot.map->y));
    encoded.arrays.insert_or_assign("map.z", Array::from(plot.map->z, {plot.map->y.size(), plot.map->x.size()}));
  }
  encoded.description = {{"title", plot.title},        {"x", encode_axis(plot.x)},
                         {"y", encode_axis(plot.y)},   {"color", encode_axis(plot.color)},
                         {"lines", std::move(labels)}, {"map", plot.map.has_value()}};
  return encoded;
}

Plot decode_plot(const Json& description, const ArrayMap& arrays) {
  try {
    Plot plot{.title = description.at("title").get<std::string>(),
              .x = decode_axis(description.at("x")),
              .y = decode_axis(description.at("y")),
              .color = decode_axis(description.at("color"))};
    for (const Json& label : description.at("lines")) {
      const std::string prefix = "line" + std::to_string(plot.lines.size());
      plot.lines.push_back({.label = label.get<std::string>(),
                            .x = values<double>(arrays, prefix + ".x"),
                            .y = values<double>(arrays, prefix + ".y")});
    }
    if (description.at("map").get<bool>()) {
      plot.map = HeatMap{.x = values<double>(arrays, "map.x"),
                         .y = values<double>(arrays, "map.y"),
                         .z = values<float>(arrays, "map.z")};
    }
    return decimate(std::move(plot));  // checks that the parts fit; what is small enough stays as it is
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::corrupt, std::string("plot: ") + error.what());
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt, error.what());
  }
}

}  // namespace neve
