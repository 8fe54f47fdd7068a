#include "peer_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace neve::bench {

PeerProcess::PeerProcess(const std::filesystem::path& script, const std::filesystem::path& folder) {
  // A peer that dies must show as an absent answer, not end the benchmark.
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> requests{}, answers{};
  if (::pipe2(requests.data(), O_CLOEXEC) != 0 || ::pipe2(answers.data(), O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, requests[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, answers[1], STDOUT_FILENO);
  // The system's own interpreter: the one that the packages python3-numpy and python3-diskcache belong to.
  std::string python = "/usr/bin/python3", file = script.string(), root = folder.string();
  std::array<char*, 4> arguments{python.data(), file.data(), root.data(), nullptr};
  const int failed = ::posix_spawn(&pid_, python.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(requests[0]);
  ::close(answers[1]);
  to_ = ::fdopen(requests[1], "w");
  from_ = ::fdopen(answers[0], "r");
  if (failed != 0) pid_ = -1;
  description_ = read_line().value_or("absent: python3 with numpy could not be started");
}

PeerProcess::~PeerProcess() {
  std::fclose(to_);
  std::fclose(from_);
  if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
}

std::optional<std::string> PeerProcess::read_line() {
  std::string line;
  for (int c = std::fgetc(from_); c != EOF; c = std::fgetc(from_)) {
    if (c == '\n') return line;
    line += static_cast<char>(c);
  }
  return std::nullopt;
}

std::optional<double> PeerProcess::ask(const std::string& request) {
  if (std::fputs((request + "\n").c_str(), to_) < 0 || std::fflush(to_) != 0) return std::nullopt;
  const auto answer = read_line();
  if (!answer || answer->starts_with("absent")) return std::nullopt;
  return std::strtod(answer->c_str(), nullptr);
}

}  // namespace neve::bench
