#include "cache/redis/wire/resolve.hpp"

#include <netdb.h>
#include <sys/un.h>

#include <cstring>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include <neve/base/error.hpp>

namespace neve::redis {
namespace {

struct Answer {
  int error = 0;
  std::vector<SocketAddress> addresses;
};

Answer ask(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  Answer answer;
  answer.error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (answer.error != 0) return answer;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    SocketAddress address;
    std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
    address.size = info->ai_addrlen;
    answer.addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return answer;
}

SocketAddress unix_address(const std::string& path) {
  sockaddr_un address{};
  if (path.size() >= sizeof(address.sun_path)) {
    throw Error(ErrorCode::invalid_argument, "the unix socket path '" + path + "' is longer than the " +
                                                 std::to_string(sizeof(address.sun_path) - 1) +
                                                 " bytes a socket can have");
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  SocketAddress result;
  std::memcpy(&result.storage, &address, sizeof(address));
  result.size = sizeof(address);
  return result;
}

}  // namespace

std::vector<SocketAddress> resolve(const RedisEndpoint& endpoint, const Deadline& deadline) {
  if (!endpoint.unix_path.empty()) return {unix_address(endpoint.unix_path)};
  const std::string port = std::to_string(endpoint.port);
  if (Answer numeric = ask(endpoint.host, port, AI_NUMERICHOST | AI_NUMERICSERV); numeric.error == 0) {
    return std::move(numeric.addresses);
  }
  auto promise = std::make_shared<std::promise<Answer>>();
  auto future = promise->get_future();
  try {
    std::thread([promise, host = endpoint.host, port] {
      promise->set_value(ask(host, port, AI_NUMERICSERV));
    }).detach();
  } catch (const std::system_error&) {
    throw Error(ErrorCode::unavailable,
                "the address of '" + endpoint.host + "' cannot be looked up: there may be no more threads");
  }
  if (future.wait_for(deadline.remaining()) != std::future_status::ready) {
    throw Error(ErrorCode::timeout, "looking up the address of '" + endpoint.host + "' takes too long");
  }
  Answer answer = future.get();
  if (answer.error != 0) {
    throw Error(ErrorCode::unavailable,
                "the host '" + endpoint.host + "' has no address: " + ::gai_strerror(answer.error));
  }
  return std::move(answer.addresses);
}

}  // namespace neve::redis
