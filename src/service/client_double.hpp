#pragma once

#include <algorithm>
#include <cstring>
#include <stop_token>
#include <string>
#include <utility>

#include <neve/service/request.hpp>

namespace neve::service {

/// A client for tests of handlers: its body is a text, given in pieces, and it leaves when told to.
class TextClient final : public Client {
 public:
  explicit TextClient(std::string body = {}, std::size_t piece = 1000) : body_(std::move(body)), piece_(piece) {}

  [[nodiscard]] std::size_t read_body(std::span<std::byte> out) override {
    const std::size_t count = std::min({piece_, out.size(), body_.size() - from_});
    std::memcpy(out.data(), body_.data() + from_, count);
    from_ += count;
    return count;
  }
  [[nodiscard]] std::stop_token presence() override { return stop_.get_token(); }
  void leave() { stop_.request_stop(); }
  [[nodiscard]] std::size_t received() const { return from_; }
  [[nodiscard]] std::size_t size() const { return body_.size(); }

 private:
  std::string body_;
  std::size_t piece_;
  std::size_t from_ = 0;
  std::stop_source stop_;
};

/// A request of `client` with its whole target.
inline Request request_of(TextClient& client, std::string method, std::string_view target,
                          std::vector<Header> headers = {}) {
  Request request;
  request.method = std::move(method);
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
  request.headers = std::move(headers);
  if (client.size() > 0) request.content_length = client.size();
  request.has_body = client.size() > 0;
  request.remote_address = "192.0.2.1";
  request.client = &client;
  return request;
}

}  // namespace neve::service
