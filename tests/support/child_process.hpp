#pragma once

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

namespace neve {

/// Fails the body of a child process.
inline void require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

/// Runs `body` in a forked child, which may give up its privileges, mount what it likes or die. Succeeds if it returns;
/// what it throws is printed. Fork before starting threads.
inline testing::AssertionResult in_child(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return testing::AssertionFailure() << "cannot fork";
  if (child == 0) {
    int code = 0;
    try {
      body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child: %s\n", error.what());
      code = 1;
    }
    std::fflush(nullptr);
    ::_exit(code);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return testing::AssertionFailure() << "lost the child";
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "the child ended with status " << status;
}

/// In a child: root may read and write anywhere, so a test of permissions must be somebody else.
inline void become_nobody() {
  constexpr uid_t kNobody = 65534;
  if (::getuid() != 0) return;
  require(::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0, "cannot become nobody");
}

/// A forked child that does something, says how it went, and lives until it is killed: what the death of a process
/// frees can be looked at before and after. An object is one thread's.
class LivingChild {
 public:
  /// Fork before starting threads.
  explicit LivingChild(const std::function<bool()>& act) {
    int ready[2];
    require(::pipe(ready) == 0, "cannot make a pipe");
    child_ = ::fork();
    require(child_ >= 0, "cannot fork");
    if (child_ == 0) {
      (void)!::write(ready[1], act() ? "y" : "n", 1);
      for (;;) ::pause();
    }
    char answer = 0;
    went_well_ = ::read(ready[0], &answer, 1) == 1 && answer == 'y';
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~LivingChild() { kill(); }
  LivingChild(const LivingChild&) = delete;
  LivingChild& operator=(const LivingChild&) = delete;

  /// What `act` returned.
  [[nodiscard]] bool went_well() const noexcept { return went_well_; }
  /// Returns when it is gone.
  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

 private:
  pid_t child_ = -1;
  bool went_well_ = false;
};

}  // namespace neve
