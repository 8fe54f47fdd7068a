#include <charconv>
#include <map>
#include <system_error>
#include <utility>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/pipeline/graph.hpp>

#include "pipeline/graph/graph_path.hpp"

namespace neve {
namespace {

std::vector<std::string> names_in(const Json& object) {
  std::vector<std::string> names;
  for (const auto& member : object.items()) names.push_back(member.key());
  return names;
}

/// The item of a list that `position` names, counted from 0.
Json& item_of(Json& list, std::string_view position) {
  const std::optional<std::size_t> index = list_position(position);
  if (index && *index < list.size()) return list[*index];
  throw Error(ErrorCode::invalid_argument, "'" + std::string(position) + "' is no position in a list of " +
                                               std::to_string(list.size()) + ", which are counted from 0");
}

/// `config` with the member at `path` (names and positions in lists, joined by dots) replaced. The last name may be
/// new: whether the stage has such a field is for its config to say.
Json with_member(Json config, std::string_view path, const Json& value) {
  Json* place = &config;
  for (;;) {
    const std::size_t dot = path.find('.');
    const bool last = dot == std::string_view::npos;
    const std::string name(path.substr(0, dot));
    if (place->is_array()) {
      place = &item_of(*place, name);
    } else if (last || place->contains(name)) {
      place = &(*place)[name];
    } else {
      throw Error(ErrorCode::invalid_argument, "there is no field '" + name + "'" + suggestion(name, names_in(*place)));
    }
    if (last) {
      *place = value;
      return config;
    }
    if (!place->is_structured()) {
      throw Error(ErrorCode::invalid_argument, "'" + name + "' is not a group of fields");
    }
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

bool lies_within(std::string_view inner, std::string_view outer) noexcept {
  return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '.';
}

std::optional<std::size_t> list_position(std::string_view text) noexcept {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;  // the same setting would have two names
  return index;
}

std::optional<std::size_t> node_of_path(std::span<const Node> nodes, std::string_view path) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::string& id = nodes[i].id;
    const bool fits = lies_within(path, id) && path.size() > id.size() + 1;
    if (fits && (!found || id.size() > nodes[*found].id.size())) found = i;
  }
  return found;
}

Graph& Graph::set(std::string_view path, const Json& value) {
  const std::pair<std::string, Json> setting(path, value);
  return set({&setting, 1});
}

Graph& Graph::set(std::span<const std::pair<std::string, Json>> settings) {
  struct Change {
    std::string paths;
    Json config;
  };
  std::map<std::size_t, Change> changes;  // by position of the node
  const auto fail = [this](ErrorCode code, const std::string& paths, const std::string& why) {
    throw Error(code, "pipeline '" + name_ + "': cannot set " + paths + why);
  };
  for (const auto& [path, value] : settings) {
    const std::string quoted = "'" + path + "'";
    const std::optional<std::size_t> position = node_of_path(nodes_, path);
    if (!position) fail(ErrorCode::invalid_argument, quoted, why_no_path(path));
    const Node& node = nodes_[*position];
    const auto [change, added] = changes.try_emplace(*position);
    if (added) change->second.config = node.stage->config();
    change->second.paths += (added ? "" : ", ") + quoted;
    try {
      change->second.config =
          with_member(std::move(change->second.config), std::string_view(path).substr(node.id.size() + 1), value);
    } catch (const Error& error) {
      fail(error.code(), quoted, ": " + std::string(error.what()));
    }
  }
  std::vector<std::pair<std::size_t, StagePtr>> made;  // all of them before any is set
  for (const auto& [position, change] : changes) {
    try {
      made.emplace_back(position, nodes_[position].stage->with_config(change.config));
    } catch (const Error& error) {
      fail(error.code(), change.paths, ": " + std::string(error.what()));
    }
  }
  for (auto& [position, stage] : made) nodes_[position].stage = std::move(stage);
  return *this;
}

/// The end of a message.
std::string Graph::why_no_path(const std::string& path) const {
  if (find(path) != nullptr) return ": a field is missing; expected NODE.FIELD";
  std::vector<std::string> ids;
  for (const Node& node : nodes_) ids.push_back(node.id);
  const std::string wanted = path.substr(0, path.find('.'));
  return "; expected NODE.FIELD, and there is no node '" + wanted + "'" + suggestion(wanted, ids);
}

}  // namespace neve
