#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <neve/codec/entry.hpp>

namespace neve {

/// The entry of a hit, or none: read for this one lookup, or kept by a cache that hands it out again and again, which
/// then costs no copy of its metadata. Nobody changes it; `take` gives one to change. A plain value.
class HitEntry {
 public:
  HitEntry() = default;
  HitEntry(Entry entry) : own_(std::move(entry)) {}
  HitEntry(std::shared_ptr<const Entry> kept) : kept_(std::move(kept)) {}

  [[nodiscard]] bool has_value() const noexcept { return get() != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  /// As of a `std::optional`, only for an entry that is there.
  const Entry& operator*() const noexcept { return *get(); }
  const Entry* operator->() const noexcept { return get(); }

  /// The entry that is there, moved out if this alone has it, else copied (array bytes are shared in any case).
  [[nodiscard]] Entry take() && { return own_ ? *std::exchange(own_, std::nullopt) : Entry(*kept_); }

  /// From now on a copy of this costs no copy of the entry.
  void keep() {
    if (own_) kept_ = std::make_shared<const Entry>(*std::exchange(own_, std::nullopt));
  }

 private:
  [[nodiscard]] const Entry* get() const noexcept { return own_ ? &*own_ : kept_.get(); }

  std::optional<Entry> own_;
  std::shared_ptr<const Entry> kept_;
};

}  // namespace neve
