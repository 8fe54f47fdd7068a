#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/pipeline/graph.hpp>

namespace neve {
namespace {

/// `config` with the member at `path` (names joined by dots) replaced. The last name may be new: whether the stage has
/// such a field is for its config to say.
Json with_member(Json config, std::string_view path, const Json& value) {
  Json* place = &config;
  for (;;) {
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    if (dot == std::string_view::npos) {
      (*place)[name] = value;
      return config;
    }
    if (!place->contains(name) || !place->at(name).is_object()) {
      throw Error(ErrorCode::invalid_argument, "'" + name + "' is not a group of fields");
    }
    place = &place->at(name);
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

Graph& Graph::set(std::string_view path, const Json& value) {
  Node* target = nullptr;  // ids may hold dots: the longest one that fits is meant
  for (Node& node : nodes_) {
    const bool fits = path.size() > node.id.size() + 1 && path.starts_with(node.id) && path[node.id.size()] == '.';
    if (fits && (target == nullptr || node.id.size() > target->id.size())) target = &node;
  }
  if (target == nullptr) {
    std::vector<std::string> ids;
    for (const Node& node : nodes_) ids.push_back(node.id);
    const std::string wanted(path.substr(0, path.find('.')));
    throw Error(ErrorCode::invalid_argument, "pipeline '" + name_ + "': cannot set '" + std::string(path) +
                                                 "'; expected NODE.FIELD, and there is no node '" + wanted + "'" +
                                                 suggestion(wanted, ids));
  }
  try {
    const Json config = with_member(target->stage->config(), path.substr(target->id.size() + 1), value);
    target->stage = target->stage->with_config(config);
  } catch (const Error& error) {
    throw Error(error.code(), "pipeline '" + name_ + "': cannot set '" + std::string(path) + "': " + error.what());
  }
  return *this;
}

}  // namespace neve
