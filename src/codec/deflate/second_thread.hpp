#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>

namespace neve {

/// Where two threads share copying and checksums: one alone does not use all the memory bandwidth there is.
inline constexpr std::size_t kShareFrom = std::size_t{16} << 20;
inline constexpr std::size_t kSharedPieceBytes = std::size_t{2} << 20;

/// Starts `work`, which must not throw, in a thread that nobody waits for: `work` owns what it needs. All such threads
/// in the process together are at most one fewer than the processors, so that programs which already use every core are
/// not slowed by more threads; beyond that, and where the system has no thread to give, none starts and this is false.
[[nodiscard]] bool start_second_thread(std::function<void()> work);

/// A second thread for work that one thread could do alone; one of those above. Where none starts the caller does the
/// work by itself.
///
/// When this is destroyed, the work has ended or never begins: on a machine whose processors are all busy the system
/// may take several times as long to let a new thread begin as the caller takes to do everything, so only one that has
/// begun is waited for.
class SecondThread {
 public:
  /// `work` must not throw. Nothing starts unless it is `worthwhile`.
  SecondThread(bool worthwhile, std::function<void()> work);
  ~SecondThread();
  SecondThread(const SecondThread&) = delete;
  SecondThread& operator=(const SecondThread&) = delete;

 private:
  /// Whichever of the two threads comes first decides; shared, because a thread that is called off outlives this.
  enum class Work { expected, begun, ended, called_off };

  std::shared_ptr<std::atomic<Work>> work_ = std::make_shared<std::atomic<Work>>(Work::expected);
  bool started_;
};

}  // namespace neve
