#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include <neve/service/request.hpp>
#include <neve/service/response.hpp>

namespace neve::service {

/// How an exchange ended. Reaches the log, so the names are part of the interface.
enum class Delivery {
  complete,     ///< all of the answer was handed to the kernel
  client_left,  ///< the client closed the connection first
  too_slow,     ///< it took the answer slower than the server allows
};
[[nodiscard]] std::string_view to_string(Delivery delivery) noexcept;

/// What became of one exchange.
struct Exchange {
  double total_s = 0;            ///< from the request's complete head to the answer's last byte
  std::uint64_t sent_bytes = 0;  ///< of the answer's body
  Delivery delivery = Delivery::complete;
};

/// Answers requests. Called by many threads at once.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Must not throw; a thread is this request's own until it returns.
  [[nodiscard]] virtual Response handle(const Request& request) noexcept = 0;

  /// The answer to what is no request: its head cannot be read (400, 414, 417, 431, 501, 505) or does not come (408),
  /// or the server has too many connections (503). The connection is closed after it.
  [[nodiscard]] virtual Response refuse(int status, const std::string& detail,
                                        const std::string& remote_address) noexcept = 0;

  /// After each answer, refusals included (`request` is null then).
  virtual void finished(const Request* request, const Response& response, const Exchange& exchange) noexcept = 0;
};

/// Where the server listens and what it allows its clients. A plain value.
struct HttpServerOptions {
  std::string host = "127.0.0.1";  ///< an address or a name; "0.0.0.0" and "::" listen on all
  std::uint16_t port = 0;          ///< 0: any free one
  unsigned threads = 32;           ///< requests handled at once; others wait in their sockets
  unsigned receiving = 0;      ///< of these, most whose bodies are waited for; 0: three quarters. Others: `unavailable`
  unsigned long_requests = 0;  ///< of these, most that asked for their client's presence; 0: all
  unsigned more_threads = 0;   ///< beside `threads`, started one by one when long requests would take those of others
  std::size_t max_connections = 4096;
  std::chrono::milliseconds head_timeout{10'000};  ///< for a request's head, from its first byte
  /// Between requests: longer than those in front keep a connection (nginx, AWS: 60 s), or they send into its end.
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds pause_timeout{10'000};   ///< for a body, in either direction: longest debt against ...
  std::uint64_t slowest_bytes_per_s = 16 * 1024;     ///< ... this rate
  std::chrono::milliseconds linger_timeout{2'000};   ///< for reading the last answer while still sending
  std::chrono::milliseconds shutdown_grace{20'000};  ///< for requests under way, before they are asked to stop
  std::chrono::milliseconds shutdown_limit{5'000};   ///< after that, before their connections are cut
};

/// An HTTP/1.1 server: keep-alive, pipelining, chunked and large bodies, files by sendfile.
///
/// A connection occupies a thread only while its request is handled: idle ones, those whose head comes byte by byte and
/// those that take their answer slowly cost memory alone. Clients slower than the options allow are cut off. TLS is a
/// proxy's work.
class HttpServer {
 public:
  /// Listens from now on, so that `port()` is known; nobody is answered before `run`. Throws `unavailable` if the
  /// address cannot be had, `invalid_argument` if it is none. `handler` must outlive the server.
  HttpServer(Handler& handler, const HttpServerOptions& options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// "127.0.0.1:8080", "[::1]:8080".
  [[nodiscard]] std::string address() const;
  /// Connections at this moment.
  [[nodiscard]] std::size_t connections() const noexcept;

  /// Answers until `stop` is requested, then shuts down: no new connections, idle ones closed, requests under way
  /// finished within `shutdown_grace`, then asked to stop. Returns when every thread has ended. Once per object.
  void run(const std::stop_token& stop);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace neve::service
