#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "cache/guard/connecting_time.hpp"

namespace neve::redis {

/// One thread at a time runs discovery; waiters share its result or failure. Thread-safe.
class Discovery {
 public:
  /// What `known` returns if that is anything, else what `discover` finds; both are called under the lock of this.
  /// Throws what they throw, and Error{unavailable} once closed.
  template <class Known, class Discover>
  std::invoke_result_t<Discover> find(Known known, Discover discover) {
    const ConnectingTime::Span connecting;
    const std::uint64_t failures_before = failures_;
    const std::lock_guard one_at_a_time(mutex_);
    if (closed_) throw Error(ErrorCode::unavailable, "the cache is being closed");
    if (auto found = known()) return found;
    if (failures_ != failures_before) failure_.raise();
    try {
      return discover();
    } catch (const RefusedError& error) {
      failed({error.code(), error.what(), error.kind()});
      throw;
    } catch (const Error& error) {
      failed({error.code(), error.what(), {}});
      throw;
    }
  }

  /// Waits for the discovery under way; afterwards there is none.
  void close() {
    const std::lock_guard one_at_a_time(mutex_);
    closed_ = true;
  }

 private:
  /// What is left of an exception for others to throw; the exception itself belongs to the thread that met it.
  struct Failure {
    ErrorCode code = ErrorCode::unavailable;
    std::string message;
    std::string refusal;  ///< of a `RefusedError` its kind, else empty

    [[noreturn]] void raise() const {
      if (!refusal.empty()) throw RefusedError(refusal, message);
      throw Error(code, message);
    }
  };

  void failed(Failure failure) {
    failure_ = std::move(failure);
    ++failures_;
  }

  std::mutex mutex_;  // held while asking
  bool closed_ = false;
  Failure failure_;
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace neve::redis
