#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <neve/base/file.hpp>
#include <neve/service/http_server.hpp>

#include "service/http/body_decoder.hpp"
#include "service/http/pace.hpp"
#include "service/http/request_head.hpp"
#include "service/http/response_head.hpp"

namespace neve::service {

/// One client's socket: what has come and was not read yet, and the request under way on it.
///
/// One thread at a time owns it: the one that got its event. Between requests nobody does, and the poller waits for
/// bytes. While a request is handled its owner may have the poller watch for the client's leaving, which another thread
/// then reports. Members marked so may be called by any thread.
class Connection final : public Client {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Received { data, nothing_yet, end };
  /// What an event means to the thread that got it.
  enum class Claim { serve, none };

  Connection(std::uint64_t id, FileDescriptor socket, std::string remote_address, int poller,
             const HttpServerOptions& options);

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  [[nodiscard]] const std::string& remote_address() const noexcept { return remote_address_; }

  // Any thread.
  /// Takes the connection over if it waits for bytes; reports the client's leaving if it is watched for that.
  [[nodiscard]] Claim claim();
  /// Gives it to the poller until bytes come. The caller does not touch it afterwards.
  void park();
  /// Whether it waits and has done so for too long; the poller then wakes somebody, who finds `timed_out`.
  void expire(Clock::time_point now);
  /// Ends it if it waits between requests.
  void end_if_idle();
  /// Asks the request under way to stop.
  void ask_to_stop();
  void cut() noexcept;

  // Its owner.
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
  [[nodiscard]] Received receive();
  [[nodiscard]] std::string_view received() const noexcept { return std::string_view(buffer_).substr(offset_); }
  void drop_received(std::size_t count);

  /// Makes the body of `head` readable.
  void begin_request(const RequestHead& head);
  [[nodiscard]] std::size_t read_body(std::span<std::byte> out) override;
  [[nodiscard]] std::stop_token presence() override;
  /// Ends the watch and reads what the handler left of the body; false if that is too much, and the connection of no
  /// further use.
  [[nodiscard]] bool end_request();

  enum class SendBody { yes, no };
  [[nodiscard]] Exchange send(const Response& response, AfterAnswer after, SendBody body);
  /// Lets the client read the last answer though it is still sending: says that nothing more comes and throws away for
  /// a moment what does.
  void linger();

 private:
  enum class Phase { parked, owned, watched };

  [[nodiscard]] bool wait_for(short events, const Pace& pace);
  [[nodiscard]] Delivery send_bytes(std::string_view head, ByteSpan body, std::uint64_t& sent_body);
  [[nodiscard]] Delivery send_file(const FileBody& body, std::uint64_t& sent_body);
  void poll_for(std::uint32_t events);

  const std::uint64_t id_;
  const FileDescriptor socket_;
  const std::string remote_address_;
  const int poller_;
  const HttpServerOptions& options_;

  std::mutex mutex_;  // over the next five
  Phase phase_ = Phase::owned;
  bool stop_asked_ = false;
  std::optional<std::stop_source> stop_;
  Clock::time_point deadline_;
  bool timed_out_ = false;

  std::string buffer_;
  std::size_t offset_ = 0;
  std::optional<Clock::time_point> head_began_;
  bool fresh_ = true;  // no request has come yet
  BodyDecoder body_;
  std::optional<Pace> body_pace_;
  Clock::time_point last_received_;
  bool continue_expected_ = false;
};

}  // namespace neve::service
