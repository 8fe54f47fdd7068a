#pragma once

#include <cstddef>
#include <span>

#include <neve/base/error.hpp>
#include <neve/service/request.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {

/// More of a request's body. Throws ProblemError `request_timeout` where the client is too slow: unlike other timeouts,
/// that one is the client's.
[[nodiscard]] inline std::size_t read_client_body(Client& client, std::span<std::byte> out) {
  try {
    return client.read_body(out);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::timeout) throw ProblemError(ProblemKind::request_timeout, error.what());
    throw;
  }
}

}  // namespace neve::service
