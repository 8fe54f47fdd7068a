#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "pipeline/file/yaml_tree.hpp"

namespace neve {

/// The offset of the first byte that is not part of well-formed UTF-8 (RFC 3629), or is a control character that YAML
/// does not allow.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// Line and column (in code points) of the byte at `offset`.
[[nodiscard]] TextPosition position_at(std::string_view text, std::size_t offset) noexcept;

}  // namespace neve
