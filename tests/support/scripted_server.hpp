#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "temporary_folder.hpp"

namespace neve {

/// One accepted connection of a ScriptedServer.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(int fd) : fd_(fd) {}

  /// Whatever arrives next; empty when the client has closed.
  std::string receive() {
    std::string text(1 << 20, '\0');
    const ssize_t count = ::recv(fd_, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }
  /// Waits until `text` has arrived somewhere in the stream.
  void await(const std::string& text) {
    std::string seen;
    while (seen.find(text) == std::string::npos) {
      const std::string more = receive();
      if (more.empty()) return;
      seen += more;
    }
  }
  void send(const std::string& text) { (void)::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }

 private:
  int fd_;
};

/// A server on a unix socket that does with each connection what a test tells it: misbehaviour no real server shows on
/// demand. Connections are served one after another, on a thread of its own, or together, each on a thread.
class ScriptedServer {
 public:
  enum class Connections { in_turn, together };
  /// `script` is given each connection and its number, from 0; the connection closes when it returns.
  explicit ScriptedServer(std::function<void(ScriptedPeer&, int)> script,
                          Connections connections = Connections::in_turn)
      : script_(std::move(script)), connections_(connections) {
    path_ = (folder_.path() / "s").string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
        ::listen(listener_, 16) != 0) {
      throw std::runtime_error("cannot listen on " + path_);
    }
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void serve() {
    for (int number = 0; !stopping_; ++number) {
      const int fd = ::accept(listener_, nullptr, nullptr);
      if (fd < 0) return;
      if (connections_ == Connections::together) {
        others_.emplace_back([this, fd, number] { serve(fd, number); });
      } else {
        serve(fd, number);
      }
    }
  }
  void serve(int fd, int number) const {
    ScriptedPeer peer(fd);
    script_(peer, number);
    ::close(fd);
  }

  std::function<void(ScriptedPeer&, int)> script_;
  Connections connections_;
  TemporaryFolder folder_;
  std::string path_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::vector<std::jthread> others_;  // touched by `thread_` only, until that has ended
  std::thread thread_;
};

}  // namespace neve
