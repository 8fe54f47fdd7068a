#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <neve/base/file.hpp>

struct sockaddr_storage;

namespace neve::service {

/// Connections that may wait to be accepted.
inline constexpr int kBacklog = 512;

/// A socket that listens on `host` and `port` (0: any free one). Throws `invalid_argument` for a host that has no
/// address, `unavailable` if the port is taken or forbidden.
[[nodiscard]] FileDescriptor listen_on(const std::string& host, std::uint16_t port);

/// The port a socket is bound to.
[[nodiscard]] std::uint16_t bound_port(int socket);

/// "192.0.2.1", "2001:db8::1"; an IPv4 address in IPv6 form as IPv4.
[[nodiscard]] std::string address_text(const sockaddr_storage& address);

}  // namespace neve::service
