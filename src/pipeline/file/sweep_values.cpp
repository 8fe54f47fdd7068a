#include "pipeline/file/sweep_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/quantity.hpp>

#include "pipeline/file/placed_error.hpp"
#include "pipeline/file/yaml_tree.hpp"
#include "pipeline/graph/graph_path.hpp"

namespace neve {
namespace {

constexpr std::int64_t kMostValues = 100'000;
constexpr std::string_view kSweepFlag = "--sweep";

/// "stage.key=rest" taken apart at the first '='.
std::pair<PlacedText, std::string_view> split_setting(std::string_view flag, std::string_view setting) {
  const TextPlace place{std::string(flag) + " " + std::string(setting)};
  const std::size_t equals = setting.find('=');
  if (equals == std::string_view::npos) fail_at(place, "must have the form stage.key=value");
  return {{std::string(setting.substr(0, equals)), place}, setting.substr(equals + 1)};
}

void set_value(PipelineFile& file, const PlacedText& target, const Json& value) {
  const SettingTarget where = split_target(file, target);
  PlacedConfig& with = where.stage->with;
  try {
    with.values[Json::json_pointer(where.pointer)] = value;
  } catch (const Json::exception&) {
    fail_at(target.place, "'" + target.text + "' names a value inside something that is not a mapping");
  }
  std::erase_if(with.places, [&](const auto& entry) { return entry.first.starts_with(where.pointer + "/"); });
  with.places[where.pointer] = target.place;
}

/// Takes the first part off.
std::string first_of(Json::json_pointer& path) {
  const std::string text = path.to_string();
  const std::size_t end = text.find('/', 1);
  path = Json::json_pointer(end == std::string::npos ? "" : text.substr(end));
  return text.substr(1, end == std::string::npos ? end : end - 1);
}

/// The elements of a list are those it has. A command has no list of fields but what its `with` declares, at every
/// level: anything else would be a misspelling nobody notices.
void require_declared(const StageSpec& stage, const std::string& pointer, const PlacedText& target) {
  const Json* value = &stage.with.values;
  for (Json::json_pointer rest(pointer); !rest.empty() && value->is_structured();) {
    const std::string name = first_of(rest);
    if (value->is_array()) {
      const std::optional<std::size_t> index = list_position(name);
      if (!index || *index >= value->size()) {
        fail_at(target.place, "'" + target.text + "': '" + name + "' is no position in a list of " +
                                  std::to_string(value->size()) + "; positions count from 0");
      }
      value = &(*value)[*index];
    } else if (value->contains(name)) {
      value = &(*value)[name];
    } else if (stage.run) {
      std::vector<std::string> known;
      for (const auto& [field, unused] : value->items()) known.push_back(field);
      fail_at(target.place, "unknown field '" + name + "' of stage '" + stage.name.text + "'" +
                                suggestion(name, known) + "; a command's fields are those its 'with' declares");
    } else {
      return;  // the stage's own list of fields says what there is
    }
  }
}

/// The number that a plain text stands for, or null.
Json plain_number(std::string_view text, const TextPlace& place) {
  YamlNode node;
  node.kind = YamlNode::Kind::scalar;
  node.plain = true;
  node.text = text;
  Json value = to_json(node, place.text);
  return value.is_number() ? value : Json(nullptr);
}

/// What a text with ':' in it is made of.
struct Parts {
  std::size_t numbers = 0;
  std::vector<std::string_view> others{};
};

Parts parts_of(std::string_view text, const TextPlace& place) {
  Parts parts;
  for (std::size_t colon = 0; colon != std::string_view::npos;) {
    colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (plain_number(part, place).is_null()) {
      parts.others.push_back(part);
    } else {
      ++parts.numbers;
    }
    if (colon != std::string_view::npos) text.remove_prefix(colon + 1);
  }
  return parts;
}

[[noreturn]] void refuse_range(std::string_view text, const TextPlace& place) {
  fail_at(place, "a range is start:stop:count, such as 0:1:5, without brackets; a single text is quoted: '\"" +
                     std::string(text) + "\"'");
}

/// Two numbers and one that is none, but is no longer than a misspelt one: "2024-05-01T10:30:00" is a time.
void refuse_misspelt_range(std::string_view text, const TextPlace& place) {
  constexpr std::size_t kLongest = 8;
  const Parts parts = parts_of(text, place);
  const bool misspelt = parts.numbers == 2 && parts.others.size() == 1 && parts.others.front().size() <= kLongest &&
                        text.find(',') == std::string_view::npos;
  if (misspelt) refuse_range(text, place);
}

/// Makes integers of numbers that are whole, all of them: a table of NumPy's has 8192 as 8.192000000000000000e+03.
void make_whole(std::vector<Json>& values) {
  constexpr double kEnd = 9007199254740992.0;  // 2^53, from which on neighbours have the same digits
  const auto is_whole = [](const Json& value) {
    if (!value.is_number_float()) return true;
    const auto number = value.get<double>();
    return std::trunc(number) == number && std::abs(number) < kEnd && !(number == 0 && std::signbit(number));
  };
  if (!std::all_of(values.begin(), values.end(), is_whole)) return;
  for (Json& value : values) {
    if (value.is_number_float()) value = static_cast<std::int64_t>(value.get<double>());
  }
}

std::vector<SweepAxis>::iterator find_axis(PipelineFile& file, const std::string& target) {
  return std::find_if(file.sweep.begin(), file.sweep.end(),
                      [&](const SweepAxis& axis) { return axis.target.text == target; });
}

/// Whether no other axis moves with it.
bool is_alone(const PipelineFile& file, const SweepAxis& axis) {
  return std::count_if(file.sweep.begin(), file.sweep.end(),
                       [&](const SweepAxis& other) { return other.dimension == axis.dimension; }) == 1;
}

/// The axis "stage.key=a,b,c" or "stage.key=start:stop:count".
SweepAxis read_sweep(PipelineFile& file, std::string_view sweep) {
  const auto [target, text] = split_setting(kSweepFlag, sweep);
  (void)split_target(file, target);
  SweepAxis axis{target, {}};
  if (auto range = range_values(text, target.place)) {
    axis.values = std::move(*range);
  } else {
    const bool bracketed = text.starts_with('[') && text.ends_with(']');
    if (!bracketed) refuse_misspelt_range(text, target.place);
    refuse_lone_range(bracketed ? text.substr(1, text.size() - 2) : text, target.place);
    const Json list = parse_pipeline_value("[" + std::string(text) + "]", target.place.text);
    axis.values.assign(list.begin(), list.end());
  }
  if (axis.values.empty()) fail_at(target.place, "the sweep has no values");
  return axis;
}

/// Axes that move together, instead of those that the file has for the same targets.
void replace_axes(PipelineFile& file, const std::vector<SweepAxis>& together) {
  for (const SweepAxis& axis : together) {
    if (const auto same = find_axis(file, axis.target.text); same != file.sweep.end()) file.sweep.erase(same);
  }
  add_dimension(file, together);
}

bool is_whole(const Json& value) { return value.is_number_integer(); }

}  // namespace

SettingTarget split_target(PipelineFile& file, const PlacedText& target) {
  const std::size_t dot = target.text.find('.');
  if (dot == std::string::npos || dot + 1 == target.text.size()) {
    fail_at(target.place, "'" + target.text + "' must have the form stage.key");
  }
  SettingTarget result{&file.stage(std::string_view(target.text).substr(0, dot), target.place), ""};
  for (std::size_t from = dot; from != std::string::npos;) {
    const std::size_t to = target.text.find('.', from + 1);
    std::string part = target.text.substr(from + 1, to == std::string::npos ? to : to - from - 1);
    if (part.empty()) fail_at(target.place, "'" + target.text + "' has an empty name between its dots");
    if (part.find_first_of("/~") != std::string::npos)
      fail_at(target.place, "'" + part + "' cannot be set from outside the file");
    result.pointer += "/" + part;
    from = to;
  }
  require_declared(*result.stage, result.pointer, target);
  return result;
}

void add_dimension(PipelineFile& file, const std::vector<SweepAxis>& together) {
  const std::size_t dimension = file.sweep.empty() ? 0 : file.sweep.back().dimension + 1;
  for (const SweepAxis& axis : together) {
    const PlacedText& target = axis.target;
    const SweepAxis& first = together.front();
    if (const auto same = find_axis(file, target.text); same != file.sweep.end()) {
      fail_at(target.place, "'" + target.text + "' is swept at " + same->target.place.text + " already");
    }
    if (axis.values.size() != first.values.size()) {
      fail_at(target.place, "'" + target.text + "' has " + count_text(axis.values.size(), "value", "values") +
                                " and '" + first.target.text + "' has " + std::to_string(first.values.size()) +
                                "; what moves together has as many of each");
    }
    file.sweep.push_back(axis);
    file.sweep.back().dimension = dimension;
  }
}

std::optional<std::vector<Json>> range_values(std::string_view text, const TextPlace& place) {
  std::array<Json, 3> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t colon = text.find(':');
    if ((colon == std::string_view::npos) != (i == 2)) return std::nullopt;
    parts[i] = plain_number(text.substr(0, colon), place);
    if (parts[i].is_null()) return std::nullopt;
    text.remove_prefix(i == 2 ? text.size() : colon + 1);
  }
  if (!is_whole(parts[2]) || parts[2] < 2 || parts[2] > kMostValues) {
    fail_at(place, "the count of start:stop:count must be a whole number from 2 to " + std::to_string(kMostValues));
  }
  const std::int64_t steps = parts[2].get<std::int64_t>() - 1;
  const double start = parts[0].get<double>(), stop = parts[1].get<double>();
  if (!std::isfinite(start) || !std::isfinite(stop)) fail_at(place, "start and stop must be finite numbers");
  constexpr double kExactlyWhole = 9007199254740992.0;  // 2^53
  const bool whole = is_whole(parts[0]) && is_whole(parts[1]) && std::abs(start) < kExactlyWhole &&
                     std::abs(stop) < kExactlyWhole && std::fmod(stop - start, static_cast<double>(steps)) == 0;
  const double step = (stop - start) / static_cast<double>(steps);
  std::vector<Json> values;
  for (std::int64_t i = 0; i <= steps; ++i) {
    const double value = i == steps ? stop : static_cast<double>(i) * step + start;  // the bits of numpy.linspace
    values.push_back(whole ? Json(std::llround(value)) : Json(value));
  }
  return values;
}

void refuse_lone_range(std::string_view text, const TextPlace& place) {
  const Parts parts = parts_of(text, place);
  if (parts.numbers > 1 && parts.others.empty()) refuse_range(text, place);
}

Json parse_pipeline_value(std::string_view text, std::string_view place) {
  if (text.empty()) return "";
  return to_json(parse_yaml(text, place), place);
}

void apply_setting(PipelineFile& file, std::string_view setting) {
  const auto [target, text] = split_setting("--set", setting);
  if (text.empty())
    fail_at(target.place, "has no value; is a variable unset that was to hold it? An empty text is written '\"\"'");
  set_value(file, target, parse_pipeline_value(text, target.place.text));
  for (const SweepAxis& axis : file.sweep) {
    if (!lies_within(target.text, axis.target.text)) continue;
    fail_at(target.place, "the sweep of '" + axis.target.text + "' at " + axis.target.place.text +
                              " would replace it; set or sweep '" + axis.target.text + "' as a whole");
  }
  // One value was asked for instead of the file's many.
  std::erase_if(file.sweep, [&wanted = target.text](const SweepAxis& axis) {
    return axis.target.text == wanted || lies_within(axis.target.text, wanted);
  });
}

void apply_sweep(PipelineFile& file, std::string_view sweep) {
  SweepAxis axis = read_sweep(file, sweep);
  const auto same = find_axis(file, axis.target.text);
  if (same != file.sweep.end() && is_alone(file, *same)) {
    axis.dimension = same->dimension;
    *same = std::move(axis);
  } else {
    replace_axes(file, {axis});
  }
}

void apply_together(PipelineFile& file, const std::vector<std::string>& sweeps) {
  std::vector<SweepAxis> axes;
  for (const std::string& sweep : sweeps) axes.push_back(read_sweep(file, sweep));
  replace_axes(file, axes);
}

void apply_points(PipelineFile& file, const std::vector<SweepAxis>& points) {
  std::vector<SweepAxis> axes = points;
  for (SweepAxis& axis : axes) {
    const SettingTarget where = split_target(file, axis.target);
    const Json& with = where.stage->with.values;
    const Json::json_pointer pointer(where.pointer);
    // A command's own number says which kind it takes; a compiled stage's fields take whole numbers for either.
    if (!with.contains(pointer) || !with[pointer].is_number_float()) make_whole(axis.values);
  }
  replace_axes(file, axes);
}

void keep_until(PipelineFile& file, std::string_view stage, const std::string& flag) {
  const TextPlace place{flag};
  std::vector<std::string> kept{file.stage(stage, place).name.text};
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (const PlacedText& need : file.stage(kept[i], place).needs) {
      if (std::find(kept.begin(), kept.end(), need.text) == kept.end()) kept.push_back(need.text);
    }
  }
  const auto unknown = [&](const std::string& name) { return std::find(kept.begin(), kept.end(), name) == kept.end(); };
  for (const SweepAxis& axis : file.sweep) {
    const std::string swept = axis.target.text.substr(0, axis.target.text.find('.'));
    if (!axis.target.place.text.starts_with(kSweepFlag) || !unknown(swept)) continue;
    fail_at(axis.target.place, "stage '" + swept + "' is not run: '" + std::string(stage) + "' does not need it");
  }
  std::erase_if(file.stages, [&](const StageSpec& spec) { return unknown(spec.name.text); });
  std::erase_if(file.sweep,
                [&](const SweepAxis& axis) { return unknown(axis.target.text.substr(0, axis.target.text.find('.'))); });
}

}  // namespace neve
