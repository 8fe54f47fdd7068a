#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace neve {

/// What yaml-cpp complains of, in terms of what was expected in its place and how to mend it.
[[nodiscard]] std::string explain_yaml_error(std::string_view message);

/// A remedy if the line (counted from 1) is indented by tabs, which YAML forbids and editors hide; else nothing.
[[nodiscard]] std::string tab_hint(std::string_view text, std::size_t line);

/// Where the value or name at `offset` itself begins, if an anchor (`&name`) stands before it.
[[nodiscard]] std::size_t skip_anchor(std::string_view text, std::size_t offset) noexcept;

/// The offset behind the brackets that open at `offset`, or nothing if they are not closed. Text without brackets ends
/// where it begins.
[[nodiscard]] std::optional<std::size_t> end_of_bracketed(std::string_view text, std::size_t offset) noexcept;

/// The offset behind the quoted text that begins at `offset`, or nothing if its quote is not closed.
[[nodiscard]] std::optional<std::size_t> end_of_quoted(std::string_view text, std::size_t offset) noexcept;

/// Whether ':' follows the name that begins at `offset`: quoted, an alias, or plain and `plain_bytes` long.
[[nodiscard]] bool has_colon(std::string_view text, std::size_t offset, std::size_t plain_bytes) noexcept;

}  // namespace neve
