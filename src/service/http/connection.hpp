#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <neve/base/clock.hpp>
#include <neve/base/file.hpp>
#include <neve/service/http_server.hpp>

#include "service/http/body_decoder.hpp"
#include "service/http/concurrency_limit.hpp"
#include "service/http/pace.hpp"
#include "service/http/received_bytes.hpp"
#include "service/http/request_head.hpp"
#include "service/http/response_sender.hpp"

namespace neve::service {

/// One client's socket: what has come and was not read yet, the request under way on it and the answer being sent.
///
/// One thread at a time owns it: the one that got its event. Between requests, while a client takes its answer and when
/// it is let go nobody does, and the poller waits. While a request is handled its owner may have the poller watch for
/// the client's leaving, which another thread then reports. Members marked so may be called by any thread.
class Connection final : public Client {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Received { data, nothing_yet, end };
  /// What it is at between two events.
  enum class Stage {
    request,    ///< the next request comes
    answer,     ///< the client takes an answer
    lingering,  ///< it has got its last answer, and what it still sends is thrown away
  };
  /// What an event means to the thread that got it.
  enum class Claim { serve, none };

  /// `begin_long` is called when a request asks for its client's presence, and throws where it may not take long.
  Connection(std::uint64_t id, FileDescriptor socket, std::string remote_address, int poller,
             const HttpServerOptions& options, ConcurrencyLimit& body_limit,
             std::function<ConcurrencyLimit::Permit()> begin_long);

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  [[nodiscard]] const std::string& remote_address() const noexcept { return remote_address_; }

  // Any thread.
  /// Takes the connection over if it waits for bytes; reports the client's leaving, if it is watched for that, when
  /// `events` (of epoll) say so. Who ends his own side may have left or wait for the answer: that he is there is found
  /// by sending him a 100, which HTTP/1.1 takes at any time, and which a socket that is closed refuses.
  [[nodiscard]] Claim claim(std::uint32_t events);
  /// Gives it to the poller until its stage can go on. The caller does not touch it afterwards.
  void park();
  /// Whether it waits and has done so for too long; the poller then wakes somebody, who finds `timed_out`.
  void expire(Clock::time_point now);
  /// Ends it if it waits for a request.
  void end_if_idle();
  /// Asks the request under way to stop, and refuses what is still to come of its body.
  void ask_to_stop();
  void cut() noexcept;

  // Its owner.
  [[nodiscard]] bool timed_out() const noexcept { return timed_out_; }
  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  [[nodiscard]] Received receive();
  [[nodiscard]] std::string_view received() const noexcept { return received_.unread(); }
  void drop_received(std::size_t count) noexcept { received_.drop(count); }

  /// Makes the body of `head` readable. The request lasts until its answer's end.
  const Request& begin_request(RequestHead head, Stopwatch since);
  [[nodiscard]] std::size_t read_body(std::span<std::byte> out) override;
  [[nodiscard]] std::stop_token presence() override;
  /// Ends the watch and reads what the handler left of the body; false if that is too much, or has not all come, and
  /// the connection of no further use.
  [[nodiscard]] bool end_request();

  /// What becomes of it after an answer.
  enum class Afterwards {
    next_request,
    end,
    linger,  ///< as its stage `lingering`
  };
  /// From now on its stage is `answer`.
  void begin_answer(Response response, Afterwards afterwards, ResponseSender::SendBody body);
  /// Sends what the client takes now; nothing if it has not taken all of it and may still do so.
  [[nodiscard]] std::optional<Delivery> send();

  struct Answered {
    std::optional<Request> request;  ///< none of what was refused
    Response response;
    Exchange exchange;
    Afterwards afterwards = Afterwards::end;
  };
  /// What was sent and to whom; its stage is `request` again, or `lingering`.
  [[nodiscard]] Answered end_answer(Delivery delivery);

  /// Throws away what comes; true when the client has gone or was given time enough.
  [[nodiscard]] bool lingered();

 private:
  enum class Phase { parked, owned, watched };

  [[nodiscard]] bool wait_for(short events);
  /// `count` bytes stand where the caller wants them; others that came are in the buffer.
  struct BodyBytes {
    Received received;
    std::size_t count;
  };
  [[nodiscard]] BodyBytes take_body(std::span<std::byte> out);
  [[nodiscard]] BodyBytes receive_body(std::span<std::byte> out);
  void acquire_body_permit();
  void wait_for_body();
  /// Throws `cancelled` once it has been asked to stop.
  void go_on_unless_stopped();
  [[nodiscard]] bool ask_whether_there();
  void invite_body();
  [[nodiscard]] bool read_unwanted_body();
  [[nodiscard]] Clock::time_point deadline_of_stage() const;
  void poll_for(std::uint32_t events);

  const std::uint64_t id_;
  const FileDescriptor socket_;
  const std::string remote_address_;
  const int poller_;
  const HttpServerOptions& options_;
  ConcurrencyLimit& body_limit_;
  const std::function<ConcurrencyLimit::Permit()> begin_long_;

  std::mutex mutex_;  // over the next six
  Phase phase_ = Phase::owned;
  bool takes_interim_ = false;
  bool stop_asked_ = false;
  std::optional<std::stop_source> stop_;
  Clock::time_point deadline_;
  bool timed_out_ = false;

  ReceivedBytes received_;
  std::optional<Clock::time_point> head_began_;
  bool fresh_ = true;  // no request has come yet
  Stage stage_ = Stage::request;

  std::optional<Request> request_;
  Stopwatch since_;
  BodyDecoder body_;
  ConcurrencyLimit::Permit body_permit_;
  ConcurrencyLimit::Permit long_permit_;
  bool continue_expected_ = false;

  ResponseSender sender_;
  Afterwards afterwards_ = Afterwards::end;

  std::optional<Pace> pace_;  // of the body that is received, or of the answer
  Clock::time_point last_progress_;
  Clock::time_point lingering_since_;  // when the stage became `lingering`
  std::size_t lingering_bytes_ = 0;
  bool unread_ = false;  // enough of them: what still comes is left in the socket
};

}  // namespace neve::service
