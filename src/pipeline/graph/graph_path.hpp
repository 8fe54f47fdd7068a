#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <neve/pipeline/graph.hpp>

namespace neve {

/// Position of the node that `path`, `NODE.FIELD`, speaks of. Ids may hold dots: the longest one that fits is meant.
[[nodiscard]] std::optional<std::size_t> node_of_path(std::span<const Node> nodes, std::string_view path);

/// The position in a list that `text` is written for: digits, without zeros before them.
[[nodiscard]] std::optional<std::size_t> list_position(std::string_view text) noexcept;

}  // namespace neve
