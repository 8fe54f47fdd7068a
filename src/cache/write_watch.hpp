#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include <neve/key/key.hpp>

namespace neve {

/// The state of a key's writes before a read. A plain value.
struct WriteMark {
  std::uint64_t begun;
  bool quiet;  ///< no write was under way
};

/// Notices whether a key may have been stored or erased while something else was under way, so that what was read
/// before is not kept after. Keys share counters: it may say yes for no reason, never no. Thread-safe.
class WriteWatch {
 public:
  /// A write begins; `end` must follow, from whichever thread.
  void begin(const Key& key) { ++stripe_of(key).begun; }
  void end(const Key& key) { ++stripe_of(key).done; }

  /// A write that is under way for as long as this lives.
  class Write {
   public:
    Write(WriteWatch& watch, const Key& key) : watch_(watch), key_(key) { watch_.begin(key_); }
    ~Write() { watch_.end(key_); }
    Write(const Write&) = delete;
    Write& operator=(const Write&) = delete;

   private:
    WriteWatch& watch_;
    const Key& key_;
  };

  [[nodiscard]] WriteMark mark(const Key& key) {
    Stripe& stripe = stripe_of(key);
    const std::uint64_t done = stripe.done;  // first: a write that ends in between counts as under way
    const std::uint64_t begun = stripe.begun;
    return {begun, begun == done};
  }
  /// Whether no write of the key was under way at the mark or has begun since.
  [[nodiscard]] bool unchanged_since(const WriteMark& mark, const Key& key) {
    return mark.quiet && stripe_of(key).begun == mark.begun;
  }

 private:
  struct Stripe {
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> done{0};
  };

  [[nodiscard]] Stripe& stripe_of(const Key& key) {
    return stripes_[std::hash<std::string>()(key.text()) % stripes_.size()];
  }

  std::array<Stripe, 64> stripes_;
};

}  // namespace neve
