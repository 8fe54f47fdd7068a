#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/free_port.hpp"
#include "support/temporary_folder.hpp"

namespace neve {

/// One that leaves room for the port of the cluster bus, which is 10,000 above.
inline int free_cluster_port() {
  for (;;) {
    if (const int port = free_port(); port + 10'000 <= 65'535) return port;
  }
}

/// A real redis-server of the test's own, on a unix socket in a temporary folder and on a free port; gone at the end of
/// the test, or with the test's process. Needs the package redis-server.
class RedisServer {
 public:
  /// `settings` are lines of a Redis configuration file; a later line wins over the defaults.
  enum class Role { server, sentinel };
  explicit RedisServer(std::vector<std::string> settings = {}, int port = free_port(), Role role = Role::server)
      : port_(port), role_(role) {
    // A free port may be somebody else's by the time the server asks for it.
    for (int attempt = 0;; ++attempt) {
      write_configuration(settings);
      try {
        start();
        return;
      } catch (const std::runtime_error&) {
        if (attempt == 5 || log().find("in use") == std::string::npos) throw;
        port_ = role_ == Role::server && port_ <= 55'535 ? free_cluster_port() : free_port();
      }
    }
  }
  ~RedisServer() { kill(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] std::string socket_path() const { return (folder_.path() / "s").string(); }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& query = {}) const { return "unix://" + socket_path() + query; }
  [[nodiscard]] std::string tcp_url(const std::string& query = {}) const {
    return "redis://127.0.0.1:" + std::to_string(port_) + query;
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Starts it (again) and returns when it accepts connections.
  void start() {
    const std::string config = (folder_.path() / "redis.conf").string();
    ::unlink(socket_path().c_str());
    // Spawned, not forked: a fork takes every lock of DuckDB's allocator first, more than the thread sanitizer can
    // follow.
    const std::vector<const char*> words{"setpriv",      "--pdeathsig",
                                         "KILL",         "redis-server",
                                         config.c_str(), role_ == Role::sentinel ? "--sentinel" : nullptr,
                                         nullptr};
    if (::posix_spawnp(&pid_, words[0], nullptr, nullptr, const_cast<char* const*>(words.data()), environ) != 0) {
      throw std::runtime_error("cannot run setpriv");
    }
    for (int attempt = 0; attempt < 2000; ++attempt) {
      if (accepts_connections()) return;
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    pid_ = -1;
    throw std::runtime_error("redis-server does not start; is the package redis-server installed? " + log());
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  /// It keeps its connections and accepts new ones, but answers nothing until `resume`.
  void hang() { ::kill(pid_, SIGSTOP); }
  void resume() { ::kill(pid_, SIGCONT); }

  [[nodiscard]] std::string log() const {
    std::ifstream file(folder_.path() / "log");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

 private:
  void write_configuration(const std::vector<std::string>& settings) const {
    std::ofstream config(folder_.path() / "redis.conf");
    config << "bind 127.0.0.1\nport " << port_ << "\nunixsocket " << socket_path() << "\ndir "
           << folder_.path().string() << "\nlogfile " << (folder_.path() / "log").string() << "\n";
    if (role_ == Role::server) config << "save \"\"\nappendonly no\n";
    for (const std::string& line : settings) config << line << "\n";
  }

  // That the socket's file is there does not mean yet that the server listens on it.
  [[nodiscard]] bool accepts_connections() const {
    const std::string path = socket_path();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool accepted = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    ::close(fd);
    return accepted;
  }

  TemporaryFolder folder_;
  int port_;
  Role role_;
  pid_t pid_ = -1;
};

}  // namespace neve
