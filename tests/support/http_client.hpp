#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <neve/base/file.hpp>

namespace neve {

/// An answer as it came over the wire; header names in lower case.
struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

/// A connection to 127.0.0.1 that sends exactly the bytes it is told to.
class HttpClient {
 public:
  explicit HttpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }

  [[nodiscard]] int socket() const { return socket_.get(); }
  void close() { socket_.close(); }
  void end_sending() { ::shutdown(socket_.get(), SHUT_WR); }

  /// False once the server has closed the connection.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// Sends `text` up to so many times, or until the server takes no more for a while; false if it has closed the
  /// connection.
  bool send_while_taken(std::string_view text, int times) {
    std::string_view rest = text;
    while (times > 0) {
      const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
      if (rest.empty()) {
        rest = text;
        --times;
      }
      if (count > 0) continue;
      if (errno != EAGAIN) return false;
      pollfd ready{socket_.get(), POLLOUT, 0};
      if (::poll(&ready, 1, 300) == 0) return true;
    }
    return true;
  }

  /// The next answer; throws if the connection ends before it does, or nothing comes for 30 s.
  [[nodiscard]] HttpAnswer receive(bool with_body = true) {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) more();
    HttpAnswer answer;
    answer.status = std::stoi(buffer_.substr(9, 3));
    std::string_view lines = std::string_view(buffer_).substr(0, end);
    lines.remove_prefix(std::min(lines.find("\r\n"), lines.size()));
    while (!lines.empty()) {
      lines.remove_prefix(2);
      const std::string_view line = lines.substr(0, lines.find("\r\n"));
      lines.remove_prefix(line.size());
      const std::size_t colon = line.find(": ");
      std::string name(line.substr(0, colon));
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      answer.headers[name] = line.substr(colon + 2);
    }
    buffer_.erase(0, end + 4);
    if (answer.status == 100) return receive(with_body);
    const auto length = answer.headers.find("content-length");
    const std::size_t size = with_body && length != answer.headers.end() ? std::stoull(length->second) : 0;
    while (buffer_.size() < size) more();
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }

  HttpAnswer ask(std::string_view text) {
    if (!send(text)) throw std::runtime_error("the server closed the connection");
    return receive();
  }

  /// `headers` are lines that end in CR LF.
  HttpAnswer get(const std::string& target, const std::string& headers = {}) {
    return ask("GET " + target + " HTTP/1.1\r\nHost: t\r\n" + headers + "\r\n");
  }
  HttpAnswer request(const std::string& method, const std::string& target, const std::string& headers,
                     const std::string& body) {
    return ask(method + " " + target + " HTTP/1.1\r\nHost: t\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  /// Sends a head that asks whether its body of `size` bytes is wanted; whether it is.
  bool announce(const std::string& method, const std::string& target, std::size_t size) {
    if (!send(method + " " + target +
              " HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n"))
      return false;
    return invited();
  }

  /// Whether the next that comes is a 100.
  bool invited() {
    static constexpr std::string_view kInvitation = "HTTP/1.1 100 Continue\r\n\r\n";
    while (buffer_.size() < kInvitation.size()) more();
    if (!buffer_.starts_with(kInvitation)) return false;
    buffer_.erase(0, kInvitation.size());
    return true;
  }

  /// Whether the server closes the connection without another byte; waits up to 30 s.
  [[nodiscard]] bool ends() {
    char byte = 0;
    wait();
    return buffer_.empty() && ::recv(socket_.get(), &byte, 1, 0) <= 0;
  }

 private:
  void wait() {
    pollfd source{socket_.get(), POLLIN, 0};
    if (::poll(&source, 1, 30'000) != 1) throw std::runtime_error("the server says nothing");
  }
  void more() {
    wait();
    char piece[65536];
    const ssize_t count = ::recv(socket_.get(), piece, sizeof piece, 0);
    if (count <= 0) throw std::runtime_error("the server closed the connection after '" + buffer_.substr(0, 200) + "'");
    buffer_.append(piece, static_cast<std::size_t>(count));
  }

  FileDescriptor socket_;
  std::string buffer_;
};

}  // namespace neve
