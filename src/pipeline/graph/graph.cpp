#include <neve/pipeline/graph.hpp>

#include <algorithm>
#include <unordered_set>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

#include "pipeline/graph/graph_order.hpp"

namespace neve {
namespace {

constexpr std::size_t kLongestName = 100;

bool is_name(std::string_view text) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= kLongestName && text.front() != '.' &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

void require_name(const std::string& what, const std::string& text) {
  if (is_name(text)) return;
  throw Error(ErrorCode::invalid_argument, what + " '" + text +
                                               "': a name has 1 to 100 letters, digits, '.', '_' and '-' and does not "
                                               "start with a dot, because it becomes a folder name");
}

[[noreturn]] void refuse(const std::string& graph, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument, "pipeline '" + graph + "': " + problem);
}

}  // namespace

Requirements Node::requirements() const {
  Requirements requirements = stage->requirements();
  if (options.slots) requirements.slots = *options.slots;
  if (options.timeout) requirements.timeout = *options.timeout;
  if (options.retry) requirements.retry = *options.retry;
  return requirements;
}

Graph::Graph(std::string name) : name_(std::move(name)) { require_name("pipeline", name_); }

void Graph::require_new(const std::string& id) const {
  require_name("pipeline '" + name_ + "': node", id);
  if (index_.contains(id) || inner_outputs_.contains(id)) {
    refuse(name_, "node '" + id + "' is there twice; give each node its own id");
  }
}

Graph& Graph::add(std::string id, StagePtr stage, std::vector<std::string> needs, NodeOptions options) {
  require_new(id);
  if (stage == nullptr) refuse(name_, "node '" + id + "' has no stage");
  Node node{.id = id, .stage = std::move(stage), .needs = {}, .options = std::move(options)};
  for (std::string& need : needs) node.needs.push_back({.name = std::move(need)});
  index_.emplace(std::move(id), nodes_.size());
  nodes_.push_back(std::move(node));
  return *this;
}

Graph& Graph::add(std::string id, const Graph& inner, std::vector<std::string> needs) {
  if (&inner == this) return add(std::move(id), Graph(inner), std::move(needs));
  require_new(id);
  inner.check();
  const std::string output = inner.output();
  if (output.empty())
    refuse(name_, "the pipeline '" + inner.name() + "' added as '" + id + "' has no single output; use set_output");
  const auto takes_needs = [](const Node& node) {
    return node.needs.empty() && node.stage->input_count() != std::size_t{0};
  };
  if (!needs.empty() && std::none_of(inner.nodes_.begin(), inner.nodes_.end(), takes_needs))
    refuse(name_, "node '" + id + "' needs '" + needs.front() + "', but no stage in it takes an input");
  for (Node node : inner.nodes()) {
    const bool first = takes_needs(node);
    node.id = id + "/" + node.id;
    for (Need& need : node.needs) need.name = id + "/" + need.name;
    if (first) {
      for (const std::string& need : needs) node.needs.push_back({.name = need});
    }
    index_.emplace(node.id, nodes_.size());
    nodes_.push_back(std::move(node));
  }
  for (const auto& [outer, target] : inner.inner_outputs_) inner_outputs_.emplace(id + "/" + outer, id + "/" + target);
  inner_outputs_.emplace(id, id + "/" + output);
  return *this;
}

Graph& Graph::set_output(std::string id) {
  output_ = std::move(id);
  return *this;
}

Graph Graph::for_run() const {
  return with_stages([](const StagePtr& stage) {
    StagePtr now = stage->for_run();
    return now != nullptr ? now : stage;
  });
}

Graph Graph::with_stages(const std::function<StagePtr(const StagePtr&)>& replace) const {
  Graph graph = *this;
  for (Node& node : graph.nodes_) node.stage = replace(node.stage);
  return graph;
}

const Node* Graph::find(std::string_view id) const {
  if (const auto inner = inner_outputs_.find(id); inner != inner_outputs_.end()) return find(inner->second);
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &nodes_[found->second];
}

const Node& Graph::node(std::string_view id) const {
  if (const Node* found = find(id)) return *found;
  std::vector<std::string> ids;
  for (const Node& known : nodes_) ids.push_back(known.id);
  refuse(name_, "there is no node '" + std::string(id) + "'" + suggestion(id, ids));
}

std::vector<Node> Graph::resolved() const {
  std::vector<Node> nodes = nodes_;
  for (Node& node : nodes) {
    for (Need& need : node.needs) {
      const Node* const found = find(need.name);
      if (found == nullptr) {
        std::vector<std::string> ids;
        for (const Node& known : nodes_) ids.push_back(known.id);
        for (const auto& [outer, target] : inner_outputs_) ids.push_back(outer);
        refuse(name_,
               "node '" + node.id + "' needs '" + need.name + "', which is not there" + suggestion(need.name, ids));
      }
      need.node = found->id;
      need.position = static_cast<std::size_t>(found - nodes_.data());
    }
  }
  return nodes;
}

std::vector<Node> Graph::ordered() const {
  if (nodes_.empty()) refuse(name_, "there are no nodes");
  std::vector<Node> nodes = resolved();
  for (const Node& node : nodes) {
    const std::optional<std::size_t> wanted = node.stage->input_count();
    if (!node.needs.empty() && wanted && *wanted != node.needs.size()) {
      refuse(name_, "node '" + node.id + "' (" + node.stage->op_name() + ") takes " + std::to_string(*wanted) +
                        (*wanted == 1 ? " input" : " inputs") + " but needs " + std::to_string(node.needs.size()));
    }
    if (node.needs.empty() && wanted.value_or(0) > 1) {
      refuse(name_, "node '" + node.id + "' (" + node.stage->op_name() + ") takes " + std::to_string(*wanted) +
                        " inputs but needs no other node");
    }
  }
  if (!output_.empty() && find(output_) == nullptr) static_cast<void>(node(output_));
  const TopologicalOrder order = topological_order(nodes);
  if (!order.cycle.empty()) {
    std::string path;
    for (const std::string& id : order.cycle) path += id + " -> ";
    refuse(name_, "the nodes need each other in a cycle: " + path + order.cycle.front());
  }
  std::vector<std::size_t> new_position(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) new_position[order.indices[i]] = i;
  std::vector<Node> sorted;
  sorted.reserve(nodes.size());
  for (const std::size_t index : order.indices) {
    for (Need& need : nodes[index].needs) need.position = new_position[need.position];
    sorted.push_back(std::move(nodes[index]));
  }
  return sorted;
}

void Graph::check() const { static_cast<void>(ordered()); }

std::string Graph::output() const {
  if (!output_.empty()) return node(output_).id;
  std::unordered_set<const Node*> needed;
  for (const Node& node : nodes_) {
    for (const Need& need : node.needs) needed.insert(find(need.name));
  }
  std::vector<std::string> ends;
  for (const Node& node : nodes_) {
    if (!needed.contains(&node)) ends.push_back(node.id);
  }
  return ends.size() == 1 ? ends.front() : std::string();
}

}  // namespace neve
