#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/pipeline/any_stage.hpp>
#include <neve/pipeline/stage.hpp>

namespace neve {

/// Whether a node's result is looked up and stored. `off` is for what only looks deterministic.
enum class Caching { on, off };

/// What a graph's author decides about one node, over what the stage asks for. A plain value.
struct NodeOptions {
  std::optional<Slots> slots{};
  std::optional<std::chrono::milliseconds> timeout{};
  std::optional<RetryPolicy> retry{};
  Caching caching = Caching::on;
};

/// A dependency: the name its author used (it enters the key) and the node it means.
struct Need {
  std::string name;
  std::string node{};        ///< filled in by `Graph::ordered`
  std::size_t position = 0;  ///< of that node in the list that `Graph::ordered` gives
};

/// One stage in a graph. `id` enters the key.
struct Node {
  std::string id;
  StagePtr stage;
  std::vector<Need> needs;
  NodeOptions options;

  /// What the stage asks for, as overruled by the options.
  [[nodiscard]] Requirements requirements() const;
};

/// Stages and what each needs: a directed acyclic graph with a name. Nodes without needs get the run's input.
///
/// A graph can be a node of another: its nodes join it as `outer/inner`, those without needs get the needs of the outer
/// node, and whoever needs `outer` gets its output. Not thread-safe while being built; const afterwards.
class Graph {
 public:
  /// Throws `invalid_argument` if the name cannot be a folder name (as for node ids).
  explicit Graph(std::string name);

  /// Adds a node. The inputs of the stage are the states of `needs`, in that order; needs may be added later.
  /// Throws `invalid_argument`, naming the node, if there is one of this id, or the id is empty, longer than 100
  /// characters, starts with a dot or holds anything but `A-Z a-z 0-9 . _ -`.
  Graph& add(std::string id, StagePtr stage, std::vector<std::string> needs = {}, NodeOptions options = {});

  /// Adds a stage class with its config.
  template <class S>
  Graph& add(std::string id, typename S::ConfigType config = {}, std::vector<std::string> needs = {},
             NodeOptions options = {}) {
    return add(std::move(id), make_stage<S>(std::move(config)), std::move(needs), std::move(options));
  }

  /// Adds a copy of a graph, which may be this one, as one node. It must be complete: see `check`.
  Graph& add(std::string id, const Graph& inner, std::vector<std::string> needs = {});

  /// Makes `id` the output. Without this the output is the only node nobody needs, if there is just one.
  Graph& set_output(std::string id);

  /// Sets one config field: `path` is `node.field`, `node.field.inner` for a field that is an object, or `node.field.0`
  /// for one that is a list. Throws `invalid_argument` with the nearest name for unknown nodes and fields, and for
  /// values the field does not take and positions beyond a list.
  Graph& set(std::string_view path, const Json& value);
  /// The same for several, at once: what they make of a node's config together must be valid, not each by itself. If it
  /// throws, none of them is set.
  Graph& set(std::span<const std::pair<std::string, Json>> settings);

  /// Throws `invalid_argument` if a need is missing (with the nearest name), the graph is empty or has a cycle (printed
  /// as `a -> b -> a`), or a node has the wrong number of inputs; every message names the nodes.
  void check() const;

  /// The graph as one run uses it: each stage replaced by its `AnyStage::for_run`. Throws as those.
  [[nodiscard]] Graph for_run() const;
  /// The same graph with what `replace` makes of each stage in its place; throws what that throws.
  [[nodiscard]] Graph with_stages(const std::function<StagePtr(const StagePtr&)>& replace) const;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// In the order they were added; their needs are not resolved yet.
  [[nodiscard]] const std::vector<Node>& nodes() const noexcept { return nodes_; }
  /// The node that `id` means: itself, or the output of the graph added under that id. Throws `invalid_argument` with
  /// the nearest name.
  [[nodiscard]] const Node& node(std::string_view id) const;
  /// For each id that a graph was added under the node that is its output.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& inner_outputs() const noexcept {
    return inner_outputs_;
  }
  /// Id of the output node; empty if there is no single one.
  [[nodiscard]] std::string output() const;
  /// The nodes with their needs resolved, each after what it needs and otherwise in the order they were added. Throws
  /// as `check`.
  [[nodiscard]] std::vector<Node> ordered() const;

 private:
  void require_new(const std::string& id) const;
  [[nodiscard]] std::vector<Node> resolved() const;
  [[nodiscard]] const Node* find(std::string_view id) const;
  [[nodiscard]] std::string why_no_path(const std::string& path) const;

  std::string name_;
  std::string output_;
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::map<std::string, std::string, std::less<>> inner_outputs_;
};

/// Whether the setting `inner` is part of the setting `outer`, as `fiber.grid.points` is of `fiber.grid`.
[[nodiscard]] bool lies_within(std::string_view inner, std::string_view outer) noexcept;

}  // namespace neve
