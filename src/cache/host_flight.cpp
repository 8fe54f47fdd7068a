#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/flight.hpp>

namespace neve {
namespace {

class HostLease final : public FlightLease {
 public:
  explicit HostLease(FileDescriptor socket) : socket_(std::move(socket)) {}
  [[nodiscard]] bool held() override { return true; }

 private:
  FileDescriptor socket_;  // the kernel keeps the name as long as it is open
};

}  // namespace

std::unique_ptr<FlightLease> HostFlight::try_acquire(const Key& key) {
  // Abstract names begin with a zero byte and may hold any others; the digest keeps them within the 107 there are.
  const std::string name = "neve-flight-" + sha256_hex(scope_ + '\n' + key.text());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) throw io_error("cannot make a socket for the lease on '" + key.text() + "'", errno);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0) {
    return std::make_unique<HostLease>(std::move(socket));
  }
  if (errno == EADDRINUSE) return nullptr;
  throw io_error("cannot take the lease on '" + key.text() + "'", errno);
}

}  // namespace neve
