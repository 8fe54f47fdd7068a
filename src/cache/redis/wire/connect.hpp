#pragma once

#include <span>

#include <neve/base/file.hpp>

#include "cache/redis/wire/deadline.hpp"
#include "cache/redis/wire/resolve.hpp"

namespace neve::redis {

/// A connected socket, or an errno value that says why there is none.
struct Connected {
  FileDescriptor socket;
  int error = 0;
};

/// Connects to one of the `addresses`, of which there is one at least, within the deadline: the first that answers.
/// Each has a head start over the next one and goes on being tried after it: an address that nothing comes back from,
/// as an IPv6 one where no route leads, costs a part of the time only. Source: RFC 8305 ("Happy Eyeballs"), section 5.
[[nodiscard]] Connected connect_to_any(std::span<const SocketAddress> addresses, const Deadline& deadline);

}  // namespace neve::redis
