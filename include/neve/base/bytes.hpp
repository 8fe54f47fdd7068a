#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace neve {

using ByteSpan = std::span<const std::byte>;

/// The bytes of `text`, borrowed.
[[nodiscard]] inline ByteSpan as_byte_span(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// The characters of `bytes`, borrowed.
[[nodiscard]] inline std::string_view as_text(ByteSpan bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Immutable bytes together with what keeps them alive: heap memory, a file mapping or a network buffer.
///
/// Copies are cheap and share the owner; a slice keeps the whole owner alive. `borrowed` has no owner, and the caller
/// keeps the memory alive. Safe to copy and read from any thread, as a `std::shared_ptr<const T>` is.
class Bytes {
 public:
  Bytes() = default;
  Bytes(ByteSpan span, std::shared_ptr<const void> owner) : span_(span), owner_(std::move(owner)) {}

  /// Bytes that nothing here keeps alive; valid as long as the caller's memory is.
  [[nodiscard]] static Bytes borrowed(ByteSpan span) { return Bytes(span, nullptr); }

  /// Takes over `text` without copying its characters.
  [[nodiscard]] static Bytes from(std::string text) {
    auto owner = std::make_shared<const std::string>(std::move(text));
    return Bytes(as_byte_span(*owner), owner);
  }

  /// Takes over `values` without copying the elements.
  template <class T>
  [[nodiscard]] static Bytes from(std::vector<T> values) {
    auto owner = std::make_shared<const std::vector<T>>(std::move(values));
    return Bytes(std::as_bytes(std::span<const T>(*owner)), owner);
  }

  /// A fresh copy of `span` that owns its memory.
  [[nodiscard]] static Bytes copy_of(ByteSpan span);

  [[nodiscard]] ByteSpan span() const noexcept { return span_; }
  [[nodiscard]] const std::byte* data() const noexcept { return span_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return span_.size(); }
  [[nodiscard]] bool empty() const noexcept { return span_.empty(); }
  [[nodiscard]] std::string_view text() const noexcept { return as_text(span_); }

  /// False for borrowed bytes.
  [[nodiscard]] bool owned() const noexcept { return owner_ != nullptr; }

  /// `count` bytes from `offset`, sharing the owner. Throws `invalid_argument` if they are not all inside.
  [[nodiscard]] Bytes slice(std::size_t offset, std::size_t count) const;

 private:
  ByteSpan span_;
  std::shared_ptr<const void> owner_;
};

}  // namespace neve
