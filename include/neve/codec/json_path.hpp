#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace neve {

/// Deepest nesting of arrays and objects that is read or written: ample for data, and no threat to a thread's stack.
inline constexpr std::size_t kMaxJsonDepth = 200;

/// Where a walk through a JSON tree stands: a chain of steps on the walker's stack, spelt out only when something is
/// wrong. Borrows its parent and its name. Used by one thread.
class JsonPath {
 public:
  /// The root.
  JsonPath() = default;
  /// Member `name` of the object at `parent`.
  JsonPath(const JsonPath& parent, std::string_view name) : parent_(&parent), name_(name), depth_(parent.depth_ + 1) {}
  /// Element `index` of the array at `parent`.
  JsonPath(const JsonPath& parent, std::size_t index) : parent_(&parent), index_(index), depth_(parent.depth_ + 1) {}
  JsonPath(const JsonPath&) = delete;
  JsonPath& operator=(const JsonPath&) = delete;

  /// Steps from the root.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

  /// As RFC 6901 writes it: `/betas/2`, empty at the root. Bytes that are not UTF-8 appear as `\xNN`.
  [[nodiscard]] std::string pointer() const;
  /// As a person writes it: `betas[2]`, `grid.points`, empty at the root.
  [[nodiscard]] std::string dotted() const;

 private:
  const JsonPath* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kNoIndex;
  std::size_t depth_ = 0;

  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);
};

}  // namespace neve
