#pragma once

#include <atomic>
#include <utility>

namespace neve::service {

/// How many requests of one kind may be under way at once, so that they leave threads for all others: a counting
/// semaphore that is never waited for. Thread-safe.
class ConcurrencyLimit {
 public:
  explicit ConcurrencyLimit(unsigned most) : most_(most) {}

  /// One of them, released on destruction. Borrows the limit; used by one thread at a time.
  class Permit {
   public:
    Permit() = default;
    Permit(Permit&& other) noexcept : limit_(std::exchange(other.limit_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      if (this != &other) {
        release();
        limit_ = std::exchange(other.limit_, nullptr);
      }
      return *this;
    }
    ~Permit() { release(); }

    [[nodiscard]] bool held() const noexcept { return limit_ != nullptr; }
    void release() noexcept {
      if (limit_ != nullptr) --std::exchange(limit_, nullptr)->taken_;
    }

   private:
    friend class ConcurrencyLimit;
    explicit Permit(ConcurrencyLimit* limit) : limit_(limit) {}
    ConcurrencyLimit* limit_ = nullptr;
  };

  /// Not held if all are taken. Who is refused counts at no moment, so that nobody else is refused for it.
  [[nodiscard]] Permit try_acquire() noexcept {
    unsigned taken = taken_;
    while (taken < most_) {
      if (taken_.compare_exchange_weak(taken, taken + 1)) return Permit(this);
    }
    return {};
  }
  [[nodiscard]] unsigned most() const noexcept { return most_; }
  [[nodiscard]] unsigned taken() const noexcept { return taken_; }

 private:
  const unsigned most_;
  std::atomic<unsigned> taken_{0};
};

}  // namespace neve::service
