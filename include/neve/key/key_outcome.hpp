#pragma once

#include <string>
#include <utility>
#include <variant>

#include <neve/key/key.hpp>

namespace neve {

/// A key, or the reason why there is none. A stage without a key is computed every time and its reason counted and
/// shown; it never gets a guessed key. A plain value.
class KeyOutcome {
 public:
  KeyOutcome(Key key) : outcome_(std::move(key)) {}  // NOLINT(google-explicit-constructor): a key is an outcome
  [[nodiscard]] static KeyOutcome uncacheable(std::string reason) { return KeyOutcome(Reason{std::move(reason)}); }

  [[nodiscard]] bool cacheable() const noexcept { return std::holds_alternative<Key>(outcome_); }
  /// Throws `std::bad_variant_access` unless `cacheable`.
  [[nodiscard]] const Key& key() const { return std::get<Key>(outcome_); }
  /// For a person: what cannot be hashed and where. Throws `std::bad_variant_access` if `cacheable`.
  [[nodiscard]] const std::string& reason() const { return std::get<Reason>(outcome_).text; }

 private:
  struct Reason {
    std::string text;
  };
  explicit KeyOutcome(Reason reason) : outcome_(std::move(reason)) {}

  std::variant<Key, Reason> outcome_;
};

}  // namespace neve
