// How requests reach threads.
//
// All sockets stand in one epoll set, each armed for one event at a time (EPOLLONESHOT), and the workers wait on the
// set themselves, a few at a time (PollSeats): there is no dispatcher and no queue of ours. The worker that gets a
// connection's event reads what has come; with a whole head it handles the request and sends what the client takes of
// the answer, else, and for the rest of the answer, it arms the socket again. So only requests that are handled occupy
// threads. Handling includes receiving the body, at the client's speed: so many threads at most wait for one at a time,
// and the others are always there for those who need no waiting for. A connection is alive while it is in the table or
// in some worker's hand.

#include <neve/service/http_server.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>
#include <vector>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/base/startable_threads.hpp>
#include <neve/base/usable_processors.hpp>

#include "service/http/address.hpp"
#include "service/http/connection.hpp"
#include "service/http/connection_table.hpp"
#include "service/http/poll_seats.hpp"

namespace neve::service {
namespace {

constexpr std::uint64_t kWake = 0;
constexpr std::uint64_t kListener = 1;
/// A few, so that the other workers get some of a burst.
constexpr int kAcceptedAtOnce = 8;
/// A few dozen requests.
constexpr int kStepsOfATurn = 64;
constexpr std::chrono::milliseconds kSweep{100};
/// For those that were cut to be found and reported.
constexpr std::chrono::milliseconds kCutLimit{1000};

unsigned most_receiving(const HttpServerOptions& options) {
  return options.receiving > 0 ? options.receiving : std::max(1U, options.threads * 3 / 4);
}

unsigned most_long(const HttpServerOptions& options) {
  return options.long_requests > 0 ? options.long_requests : options.threads + options.more_threads;
}

/// Enough that all processors are kept busy while some of those who wait are not.
unsigned poll_seats() { return 2 * usable_processors(); }

/// sendfile knows no MSG_NOSIGNAL.
void block_broken_pipes() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

struct HttpServer::Parts {
  Handler& handler;
  const HttpServerOptions options;
  FileDescriptor listener;
  const std::uint16_t port;
  FileDescriptor poller{::epoll_create1(EPOLL_CLOEXEC)};
  FileDescriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  FileDescriptor spare{
      ::open("/dev/null", O_RDONLY | O_CLOEXEC)};  // to accept and turn away with when there are no more

  PollSeats seats{poll_seats()};
  ConcurrencyLimit body_limit{most_receiving(options)};
  ConcurrencyLimit long_limit{most_long(options)};

  ConnectionTable table{options.max_connections, kListener + 1};
  std::shared_mutex
      accept_mutex;  // shared by those who accept: at the end there are none, and what they took is in the table
  std::mutex spare_mutex;

  std::mutex workers_mutex;  // over the next
  std::vector<std::jthread> workers;

  std::atomic<bool> draining = false;
  std::atomic<bool> ended = false;

  Parts(Handler& handler_, const HttpServerOptions& options_)
      : handler(handler_),
        options(options_),
        listener(listen_on(options.host, options.port)),
        port(bound_port(listener.get())) {
    if (!poller.valid() || !wake.valid()) throw io_error("cannot make an epoll set", errno);
    watch(wake.get(), kWake);
  }

  void watch(int fd, std::uint64_t id) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = id;
    if (::epoll_ctl(poller.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw io_error("cannot watch a socket", errno);
  }

  void work() {
    block_broken_pipes();
    for (;;) {
      epoll_event event{};
      seats.take();
      const int ready = ended ? 0 : ::epoll_wait(poller.get(), &event, 1, -1);
      seats.leave();
      if (ended) return;
      if (ready < 1) continue;
      if (event.data.u64 == kListener) {
        const std::shared_lock lock(accept_mutex);
        accept_waiting(kAcceptedAtOnce);
      } else if (const auto connection = table.find(event.data.u64)) {
        if (connection->claim(event.events) == Connection::Claim::serve) serve(connection);
      }
    }
  }

  void start_workers() {
    const std::lock_guard lock(workers_mutex);
    for (unsigned i = 0; i < options.threads; ++i) workers.emplace_back([this] { work(); });
  }

  /// What a request needs that occupies its thread for long: a permit, and that all others have as many threads as if
  /// every long one that may come had.
  ConcurrencyLimit::Permit begin_long() {
    ConcurrencyLimit::Permit permit = long_limit.try_acquire();
    if (!permit.held()) {
      throw Error(ErrorCode::unavailable, std::to_string(long_limit.most()) +
                                              " requests that take long are under way already; try again later");
    }
    const unsigned most = options.threads + options.more_threads;
    const unsigned for_others = most > long_limit.most() ? most - long_limit.most() : 1;
    const std::lock_guard lock(workers_mutex);
    if (ended || workers.size() >= std::min(most, for_others + long_limit.taken())) return permit;
    try {
      workers.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {
      throw Error(ErrorCode::unavailable, "the system allows the service no more threads (" + error.code().message() +
                                              "); try again later, or " + kMoreProcesses);
    }
    return permit;
  }

  void end_workers() {
    ended = true;
    const std::uint64_t one = 1;
    (void)!::write(wake.get(), &one, sizeof one);
    seats.close();
    std::vector<std::jthread> last;
    {
      const std::lock_guard lock(workers_mutex);
      last.swap(workers);
    }
  }

  void remove(const Connection& connection) {
    ::epoll_ctl(poller.get(), EPOLL_CTL_DEL, connection.socket(), nullptr);
    table.remove(connection);
  }

  void accept_waiting(int most) {
    for (int i = 0; i < most; ++i) {
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      FileDescriptor socket(
          ::accept4(listener.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!socket.valid()) {
        if (errno == EMFILE || errno == ENFILE) turn_away_without_descriptor();
        return;
      }
      admit(std::move(socket), address_text(address));
    }
  }

  /// Without this a full descriptor table would leave the listener readable and every worker spinning on it.
  void turn_away_without_descriptor() {
    const std::lock_guard lock(spare_mutex);
    spare.close();
    FileDescriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)).close();
    spare = FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }

  void admit(FileDescriptor socket, std::string remote_address) {
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto connection =
        std::make_shared<Connection>(table.new_id(), std::move(socket), std::move(remote_address), poller.get(),
                                     options, body_limit, [this] { return begin_long(); });
    if (!table.add(connection)) return turn_away(*connection);
    epoll_event event{};
    event.events = EPOLLONESHOT;  // armed by park
    event.data.u64 = connection->id();
    if (::epoll_ctl(poller.get(), EPOLL_CTL_ADD, connection->socket(), &event) != 0) return remove(*connection);
    connection->park();
  }

  void turn_away(Connection& connection) {
    connection.begin_answer(
        handler.refuse(
            503, "the server has " + std::to_string(options.max_connections) + " connections already; try again later",
            connection.remote_address()),
        Connection::Afterwards::end, ResponseSender::SendBody::yes);
    (void)deliver(connection);  // a fresh socket has room for it
  }

  enum class Next { step, park, end };

  /// Goes on with `connection` until it has to be waited for, then gives it back to the poller, or ends it. Between two
  /// requests it goes to the end of the line now and then: who sends ahead without end would keep the thread for good.
  void serve(const std::shared_ptr<Connection>& connection) {
    Next next = step(*connection);
    for (int steps = 1; next == Next::step; ++steps) {
      if (steps >= kStepsOfATurn && connection->stage() == Connection::Stage::request) break;
      next = step(*connection);
    }
    if (next != Next::end) return connection->park();
    remove(*connection);
  }

  Next step(Connection& connection) {
    switch (connection.stage()) {
      case Connection::Stage::request:
        return read_request(connection);
      case Connection::Stage::answer:
        return deliver(connection);
      case Connection::Stage::lingering:
        break;
    }
    return connection.lingered() ? Next::end : Next::park;
  }

  Next read_request(Connection& connection) {
    if (const auto size = head_size(connection.received())) {
      answer(connection, *size);
      return Next::step;
    }
    if (connection.received().size() > kMaxHeadBytes) {
      refuse(connection, 431, "the request's head is longer than " + std::to_string(kMaxHeadBytes) + " bytes");
      return Next::step;
    }
    const Connection::Received received = connection.receive();
    if (received == Connection::Received::data) return Next::step;
    if (received == Connection::Received::nothing_yet && !draining) return Next::park;
    if (!connection.timed_out() || connection.received().empty()) return Next::end;
    refuse(connection, 408, "the request's head did not come in time");
    return Next::step;
  }

  void answer(Connection& connection, std::size_t size) {
    const Stopwatch watch;
    RequestHead head;
    const auto fault = parse_request_head(connection.received().substr(0, size), head);
    if (fault || size > kMaxHeadBytes) {
      return refuse(connection, fault ? fault->status : 431, fault ? fault->detail : "the request's head is too long");
    }
    connection.drop_received(size);
    const bool keep_alive = head.keep_alive;
    const Request& request = connection.begin_request(std::move(head), watch);
    Response response = handler.handle(request);
    const bool usable = connection.end_request();
    connection.begin_answer(std::move(response),
                            !usable                   ? Connection::Afterwards::linger
                            : keep_alive && !draining ? Connection::Afterwards::next_request
                                                      : Connection::Afterwards::end,
                            request.method == "HEAD" ? ResponseSender::SendBody::no : ResponseSender::SendBody::yes);
  }

  void refuse(Connection& connection, int status, const std::string& detail) {
    connection.begin_answer(handler.refuse(status, detail, connection.remote_address()), Connection::Afterwards::linger,
                            ResponseSender::SendBody::yes);
  }

  /// Sends what the client takes of its answer.
  Next deliver(Connection& connection) {
    const auto delivery = connection.send();
    if (!delivery) return Next::park;
    const Connection::Answered answered = connection.end_answer(*delivery);
    handler.finished(answered.request ? &*answered.request : nullptr, answered.response, answered.exchange);
    switch (answered.afterwards) {
      case Connection::Afterwards::next_request:
        // More of what a client sent ahead would have come with this; if it has come since, the poller says so at once.
        return connection.received().empty() ? Next::park : Next::step;
      case Connection::Afterwards::linger:
        return Next::step;
      case Connection::Afterwards::end:
        break;
    }
    return Next::end;
  }

  /// Ends what is idle, until nobody is connected or `limit` has passed.
  bool wait_until_empty(std::chrono::milliseconds limit) {
    const auto end = Connection::Clock::now() + limit;
    while (Connection::Clock::now() < end) {
      // Again and again: a worker that did not know of the end yet may have parked a connection since.
      for (const auto& connection : table.all()) connection->end_if_idle();
      if (table.wait_until_empty(std::min<Connection::Clock::duration>(kSweep, end - Connection::Clock::now())))
        return true;
    }
    return false;
  }

  void sweep_until(const std::stop_token& stop) {
    std::mutex never;
    std::condition_variable_any stopped;
    std::unique_lock lock(never);
    while (!stopped.wait_for(lock, stop, kSweep, [&stop] { return stop.stop_requested(); })) {
      const auto now = Connection::Clock::now();
      for (const auto& connection : table.all()) connection->expire(now);
    }
  }

  void shut_down() {
    draining = true;
    ::epoll_ctl(poller.get(), EPOLL_CTL_DEL, listener.get(), nullptr);
    {
      const std::lock_guard lock(accept_mutex);
      accept_waiting(kBacklog);  // whoever has connected before is answered
      // Refuses from now on; closed when no worker can be at it any more.
      ::shutdown(listener.get(), SHUT_RD);
    }
    if (wait_until_empty(options.shutdown_grace)) return;
    for (const auto& connection : table.all()) connection->ask_to_stop();
    if (wait_until_empty(options.shutdown_limit)) return;
    for (const auto& connection : table.all()) connection->cut();
    (void)wait_until_empty(kCutLimit);
  }
};

HttpServer::HttpServer(Handler& handler, const HttpServerOptions& options)
    : parts_(std::make_unique<Parts>(handler, options)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const noexcept { return parts_->port; }

std::string HttpServer::address() const {
  const std::string& host = parts_->options.host;
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(parts_->port);
}

std::size_t HttpServer::connections() const noexcept { return parts_->table.size(); }

void HttpServer::run(const std::stop_token& stop) {
  parts_->watch(parts_->listener.get(), kListener);
  try {
    parts_->start_workers();
  } catch (const std::system_error& error) {
    parts_->end_workers();
    throw Error(ErrorCode::unavailable, "cannot start " + std::to_string(parts_->options.threads) +
                                            " threads for the service: " + error.code().message() +
                                            "; have fewer (--threads, --queue), or " + kMoreProcesses);
  }
  parts_->sweep_until(stop);
  parts_->shut_down();
  parts_->end_workers();
  parts_->listener.close();
}

}  // namespace neve::service
