#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <vector>

namespace neve {

/// How long a stress test goes on: NEVE_STRESS_SECONDS, or a few.
inline double stress_seconds() {
  const char* text = std::getenv("NEVE_STRESS_SECONDS");
  return text == nullptr ? 4 : std::strtod(text, nullptr);
}

/// Children of the test, each of which does some work and ends with its result.
class Processes {
 public:
  /// `work` returns 0 if all was well, else how much was not.
  template <class Work>
  void start(Work work) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return children_.push_back(child);
    int code = 99;
    try {
      code = work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "a process failed: %s\n", error.what());
    }
    ::_exit(code > 100 ? 100 : code);
  }

  void wait() {
    for (const pid_t child : children_) {
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
    }
    children_.clear();
  }

 private:
  std::vector<pid_t> children_;
};

}  // namespace neve
