#pragma once

#include <span>
#include <string>
#include <string_view>

#include <neve/cache/refused.hpp>

#include "cache/redis/wire/reply.hpp"

namespace neve::redis {

/// `text` with `***` for each `secret` in it: a server may repeat what it was sent. An empty secret is none.
[[nodiscard]] std::string without_secret(std::string text, std::string_view secret);

/// The exception for an error reply: what the server at `peer` said and what to do about it.
[[nodiscard]] RefusedError refusal(const Reply& reply, const std::string& peer);

/// What to do about an error that begins with the word `kind`; empty for one we do not know.
[[nodiscard]] std::string_view remedy_for(std::string_view kind);

/// The same about a sentinel that lets nobody in without a password. The URL may well have one, for the server.
inline constexpr std::string_view kSentinelPassword =
    "the sentinels want one of their own: 'sentinel_password=' in the URL";

/// Whether one of them says that the server is a replica.
[[nodiscard]] bool demoted(std::span<const Reply> replies);

/// Throws the refusal if `reply` is an error.
void require_no_error(const Reply& reply, const std::string& peer);

}  // namespace neve::redis
