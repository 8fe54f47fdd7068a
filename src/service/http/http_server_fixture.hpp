#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/service/http_server.hpp>

namespace neve::service {

inline Response text_response(int status, std::string text) {
  Response response;
  response.status = status;
  response.body = Bytes::from(std::move(text));
  return response;
}

inline std::string whole_body(const Request& request) {
  std::string body;
  std::array<std::byte, 1000> piece;
  for (std::size_t count = request.client->read_body(piece); count > 0; count = request.client->read_body(piece)) {
    body.append(reinterpret_cast<const char*>(piece.data()), count);
  }
  return body;
}

/// A gate that a handler stands at until the test opens it.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void await(int waiting) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, waiting] { return waiting_ >= waiting; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

/// Answers with what a test's function says and keeps how exchanges ended.
class TestHandler final : public Handler {
 public:
  std::function<Response(const Request&)> answer = [](const Request& request) {
    return text_response(200, request.method + " " + request.path);
  };

  Response handle(const Request& request) noexcept override {
    try {
      return answer(request);
    } catch (const Error& error) {
      const ErrorCode code = error.code();
      return text_response(code == ErrorCode::timeout ? 408 : code == ErrorCode::unavailable ? 503 : 400, error.what());
    }
  }
  Response refuse(int status, const std::string& detail, const std::string&) noexcept override {
    return text_response(status, detail);
  }
  void finished(const Request*, const Response&, const Exchange& exchange) noexcept override {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back(exchange.delivery);
    changed_.notify_all();
  }
  /// Waits for the n-th exchange to end.
  Delivery delivery(std::size_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return deliveries_.size() > number; });
    return deliveries_[number];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Delivery> deliveries_;
};

/// A server at work while it lives.
class RunningServer {
 public:
  explicit RunningServer(Handler& handler, const HttpServerOptions& options = {}) : server_(handler, options) {
    thread_ = std::jthread([this](const std::stop_token& stop) { server_.run(stop); });
  }
  [[nodiscard]] int port() const { return server_.port(); }
  void request_stop() { thread_.request_stop(); }
  void join() { thread_.join(); }

 private:
  HttpServer server_;
  std::jthread thread_;
};

}  // namespace neve::service
