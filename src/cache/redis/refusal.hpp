#pragma once

#include <string>

#include <neve/cache/refused.hpp>

#include "reply.hpp"

namespace neve::redis {

/// The exception for an error reply: what the server at `peer` said and what to do about it.
[[nodiscard]] RefusedError refusal(const Reply& reply, const std::string& peer);

/// Throws the refusal if `reply` is an error.
void require_no_error(const Reply& reply, const std::string& peer);

}  // namespace neve::redis
