#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include <neve/base/digest.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/flight.hpp>

namespace neve {
namespace {

/// The sockets of this process's leases. A forked child must let go of them at once: the kernel keeps a name as long as
/// any process has its socket, and a child that lives on would hold what its parent let go of. That needs a list where
/// the handler of `fork` finds it without a lock, and so one for the process.
class LeasedSockets {
 public:
  /// The place that was found for `socket`; nothing if there are too many, which then only children keep too long.
  static std::atomic<int>* add(int socket) {
    if (!watched_) return nullptr;
    for (std::atomic<int>& place : places_) {
      int free = kFree;
      if (place.load(std::memory_order_relaxed) == kFree && place.compare_exchange_strong(free, socket + 1))
        return &place;
    }
    return nullptr;
  }
  /// Where it still is the socket's: that of a copy in a child may be another's by then.
  static void remove(std::atomic<int>* place, int socket) {
    int taken = socket + 1;
    if (place != nullptr) (void)place->compare_exchange_strong(taken, kFree);
  }

 private:
  static constexpr int kFree = 0;  // else one more than the descriptor
  static constexpr std::size_t kPlaces = 1024;

  static void close_in_child() {
    for (std::atomic<int>& place : places_) {
      const int taken = place.exchange(kFree);
      if (taken == kFree) continue;
      // Replaced, not closed: the lease's object lives on in the child, too, and will close its descriptor.
      const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (nothing < 0) continue;
      (void)::dup3(nothing, taken - 1, O_CLOEXEC);
      ::close(nothing);
    }
  }

  static inline std::array<std::atomic<int>, kPlaces> places_{};
  // When the program is loaded: a child forked while another thread registers for the first time, which waits for the
  // fork itself, would wait for that thread for ever.
  static inline const bool watched_ = ::pthread_atfork(nullptr, nullptr, &close_in_child) == 0;
};

constexpr char kUnkept = 'u';

class HostWatch final : public LeaseWatch {
 public:
  explicit HostWatch(FileDescriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] Heard listen() override {
    char said = 0;
    const ssize_t count = ::recv(socket_.get(), &said, 1, MSG_DONTWAIT | MSG_PEEK);
    if (count == 1 && said == kUnkept) return Heard::unkept;
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? Heard::nothing : Heard::gone;
  }

 private:
  FileDescriptor socket_;
};

class HostLease final : public FlightLease {
 public:
  explicit HostLease(FileDescriptor socket) : socket_(std::move(socket)), place_(LeasedSockets::add(socket_.get())) {}
  ~HostLease() override { LeasedSockets::remove(place_, socket_.get()); }
  HostLease(const HostLease&) = delete;
  HostLease& operator=(const HostLease&) = delete;

  /// Not in a child: the lease is its parent's.
  [[nodiscard]] bool held() override { return ::getpid() == owner_; }

  /// What is sent stays with those it was sent to, also after the lease has been given up.
  void say_unkept(UnkeptFor whom) override {
    if (whom != UnkeptFor::everybody) return;
    for (;;) {
      const FileDescriptor watcher(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!watcher.valid()) return;
      (void)::send(watcher.get(), &kUnkept, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  }

 private:
  FileDescriptor socket_;  // the kernel keeps the name as long as it is open
  std::atomic<int>* place_;
  pid_t owner_ = ::getpid();
};

/// A socket's address, and how long it is.
struct Address {
  sockaddr_un value{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&value); }
};

Address address_of(const std::string& scope, const Key& key) {
  // Abstract names begin with a zero byte and may hold any others; the digest keeps them within the 107 there are.
  const std::string name = "neve-flight-" + sha256_hex(scope + '\n' + key.text());
  Address address;
  address.value.sun_family = AF_UNIX;
  std::memcpy(address.value.sun_path + 1, name.data(), name.size());
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

FileDescriptor unix_socket() {
  return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

std::unique_ptr<FlightLease> HostFlight::try_acquire(const Key& key) {
  const Address address = address_of(scope_, key);
  FileDescriptor socket = unix_socket();
  if (!socket.valid()) return std::make_unique<FreeLease>();  // too many open files
  if (::bind(socket.get(), address.get(), address.size) == 0) {
    (void)::listen(socket.get(), SOMAXCONN);  // whoever finds no room to watch waits as if nothing could be heard
    return std::make_unique<HostLease>(std::move(socket));
  }
  if (errno == EADDRINUSE) return nullptr;
  return std::make_unique<FreeLease>();
}

std::unique_ptr<LeaseWatch> HostFlight::watch(const Key& key) {
  const Address address = address_of(scope_, key);
  FileDescriptor socket = unix_socket();
  if (!socket.valid() || ::connect(socket.get(), address.get(), address.size) != 0) return nullptr;
  return std::make_unique<HostWatch>(std::move(socket));
}

}  // namespace neve
