#pragma once

#include <unistd.h>

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

/// Keeps what was read of a key before it was stored or erased from being promoted after. A promotion looks whether a
/// write has begun since the read; a write waits for the promotions that looked before it began. Keys share stripes: it
/// may take one key's write for another's, never miss one. Thread-safe; a forked child does not wait for the threads of
/// its parent.
class WriteWatch {
 private:
  class Stripe;

 public:
  /// A write begins; `end` must follow, from whichever thread.
  void begin(const Key& key) { ++stripe_of(key).begun; }
  void end(const Key& key) { ++stripe_of(key).done; }

  /// A write that is under way for as long as this lives.
  class Write {
   public:
    Write(WriteWatch& watch, const Key& key) : stripe_(watch.stripe_of(key)) {
      ++stripe_.begun;
      stripe_.await_promotions();
    }
    ~Write() { ++stripe_.done; }
    Write(const Write&) = delete;
    Write& operator=(const Write&) = delete;

   private:
    Stripe& stripe_;
  };

  [[nodiscard]] WriteMark mark(const Key& key) {
    Stripe& stripe = stripe_of(key);
    const std::uint64_t done = stripe.done;  // first: a write that ends in between counts as under way
    const std::uint64_t begun = stripe.begun;
    return {begun, begun == done};
  }

  /// A promotion of what was read after `mark`, for as long as this lives.
  class Promotion {
   public:
    Promotion(WriteWatch& watch, const Key& key, const WriteMark& mark) : stripe_(watch.stripe_of(key)) {
      stripe_.enter_promotion();
      allowed_ = mark.quiet && stripe_.begun == mark.begun;
    }
    ~Promotion() { stripe_.leave_promotion(); }
    Promotion(const Promotion&) = delete;
    Promotion& operator=(const Promotion&) = delete;

    /// False if a write of the key was under way at the mark or has begun since: nothing may be promoted.
    [[nodiscard]] bool allowed() const noexcept { return allowed_; }

   private:
    Stripe& stripe_;
    bool allowed_ = false;
  };

 private:
  class Stripe {
   public:
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> done{0};

    void enter_promotion() {
      const std::uint64_t process = this_process();
      std::uint64_t now = promoting_;
      while (!promoting_.compare_exchange_weak(now, (of(now, process) ? now : process) + 1)) {
      }
    }
    void leave_promotion() {
      --promoting_;
      promoting_.notify_all();
    }
    void await_promotions() {
      std::uint64_t now = promoting_;
      if ((now & kCount) == 0) return;
      for (const std::uint64_t process = this_process(); of(now, process) && (now & kCount) != 0; now = promoting_) {
        promoting_.wait(now);
      }
    }

   private:
    static constexpr std::uint64_t kCount = 0xFFFFFFFF;

    [[nodiscard]] static std::uint64_t this_process() { return static_cast<std::uint64_t>(::getpid()) << 32; }
    [[nodiscard]] static bool of(std::uint64_t promoting, std::uint64_t process) {
      return (promoting & ~kCount) == process;
    }

    std::atomic<std::uint64_t> promoting_{0};  ///< the process whose threads they are, above how many there are
  };

  [[nodiscard]] Stripe& stripe_of(const Key& key) {
    return stripes_[std::hash<std::string>()(key.text()) % stripes_.size()];
  }

  std::array<Stripe, 256> stripes_;
};

}  // namespace neve
