#include "pipeline/command/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/startable_threads.hpp>

namespace neve {
namespace {

constexpr int kPollMilliseconds = 20;

constexpr const char* kUnknownEnd =
    "how a stage's command ended is not known: this program must not ignore SIGCHLD, nor wait for children that others "
    "have started";

/// At once, not after hours of computing for nothing.
void require_children_to_be_waited_for() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) != 0) return;
  const bool reaped_by_the_system = action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT) != 0;
  if (reaped_by_the_system) throw io_error(kUnknownEnd, ECHILD);
}

/// What posix_spawn wants, released at the end.
class SpawnRequest {
 public:
  SpawnRequest() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  ~SpawnRequest() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnRequest(const SpawnRequest&) = delete;
  SpawnRequest& operator=(const SpawnRequest&) = delete;

  void describe(const std::string& folder, int output) {
    posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    // A session of its own is a group of its own, which can be ended as a whole, and has no terminal: a command that
    // asks there for a password fails at once instead of being stopped without a word.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }

  [[nodiscard]] pid_t start(const std::string& command, const std::vector<std::string>& environment) {
    std::string shell = "sh", flag = "-c", text = command;
    std::array<char*, 4> arguments{shell.data(), flag.data(), text.data(), nullptr};
    std::vector<std::string> variables = environment;
    std::vector<char*> pointers;
    for (std::string& variable : variables) pointers.push_back(variable.data());
    pointers.push_back(nullptr);
    pid_t pid = 0;
    const int error = posix_spawn(&pid, "/bin/sh", &actions_, &attributes_, arguments.data(), pointers.data());
    if (error == EAGAIN) {
      throw Error(ErrorCode::io, std::string("cannot start /bin/sh for a stage's command: ") + std::strerror(error) +
                                     "; run fewer at once (--jobs), or " + kMoreProcesses);
    }
    if (error != 0) throw io_error("cannot start /bin/sh for a stage's command", error);
    return pid;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// One running command. Used by one thread; kills and reaps what is left when it goes out of scope.
class Child {
 public:
  explicit Child(const ChildOptions& options) : options_(options) {
    require_children_to_be_waited_for();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw io_error("cannot make a pipe for a stage's command", errno);
    output_ = FileDescriptor(ends[0]);
    const FileDescriptor write_end(ends[1]);
    SpawnRequest request;
    request.describe(options.working_folder.string(), write_end.get());
    pid_ = request.start(options.command, options.environment);
  }
  ~Child() {
    if (reaped_) return;
    signal_group(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ChildResult wait() {
    while (!finished()) {
      read_output(kPollMilliseconds);
      if (!asked_to_end_ && options_.stop.stop_requested()) ask_to_end();
    }
    // What the command left behind must neither outlive the stage nor hold the pipe. The leader is still a zombie here,
    // so its number cannot have become another group's.
    signal_group(SIGKILL);
    reap();
    read_rest();
    return result();
  }

 private:
  /// Whether the command is over. One that was asked to end may use its grace even after its shell has gone.
  [[nodiscard]] bool finished() {
    if (asked_to_end_) {
      if (std::chrono::steady_clock::now() >= kill_at_) return true;
      return leader_ended() && !output_.valid();
    }
    return leader_ended();
  }

  [[nodiscard]] bool leader_ended() {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) fail_to_wait(errno);
    return info.si_pid != 0;
  }

  void reap() {
    while (::waitpid(pid_, &status_, 0) < 0) {
      if (errno != EINTR) fail_to_wait(errno);
    }
    reaped_ = true;
  }

  /// Whether the command failed nobody knows any more, and its number may be another process's by now.
  [[noreturn]] void fail_to_wait(int error) {
    reaped_ = true;
    throw io_error(kUnknownEnd, error);
  }

  /// False at the end of the output, or when none came in time.
  bool read_output(int wait_milliseconds) {
    if (!output_.valid()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(wait_milliseconds / 5));  // usually about to exit
      return false;
    }
    pollfd waiting{output_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, wait_milliseconds) <= 0) return false;
    std::array<char, 16384> block;
    const ssize_t count = ::read(output_.get(), block.data(), block.size());
    if (count < 0) return errno == EINTR;
    if (count == 0) {
      output_.close();
      return false;
    }
    if (options_.on_output) options_.on_output({block.data(), static_cast<std::size_t>(count)});
    return true;
  }

  /// What is in the pipe now holds all that the command and its group wrote. A process that left the group may go on
  /// writing for ever; it is not waited for.
  void read_rest() {
    int left = 0;
    if (!output_.valid() || ::ioctl(output_.get(), FIONREAD, &left) != 0) return;
    std::string block(static_cast<std::size_t>(left), '\0');
    while (left > 0) {
      const ssize_t count = ::read(output_.get(), block.data(), static_cast<std::size_t>(left));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return;
      left -= static_cast<int>(count);
      if (options_.on_output) options_.on_output(std::string_view(block).substr(0, static_cast<std::size_t>(count)));
    }
  }

  void ask_to_end() {
    asked_to_end_ = true;
    kill_at_ = std::chrono::steady_clock::now() + options_.grace;
    signal_group(SIGTERM);
  }

  void signal_group(int number) const noexcept { ::kill(-pid_, number); }

  [[nodiscard]] ChildResult result() const {
    if (asked_to_end_) return {ChildResult::End::stopped, 0};
    if (WIFSIGNALED(status_)) return {ChildResult::End::signalled, WTERMSIG(status_)};
    return {ChildResult::End::exited, WEXITSTATUS(status_)};
  }

  const ChildOptions& options_;
  FileDescriptor output_;
  pid_t pid_ = -1;
  bool asked_to_end_ = false;
  std::chrono::steady_clock::time_point kill_at_;
  int status_ = 0;
  bool reaped_ = false;  ///< by whomever
};

}  // namespace

ChildResult run_child(const ChildOptions& options) { return Child(options).wait(); }

}  // namespace neve
