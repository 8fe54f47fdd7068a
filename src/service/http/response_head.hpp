#pragma once

#include <string>

#include <neve/service/response.hpp>

namespace neve::service {

/// Whether the connection serves further requests after an answer.
enum class AfterAnswer { keep, close };

/// The answer's head as bytes, from the status line to the empty line. A character that could begin another line in a
/// header value becomes a space, so that no value can forge a header.
[[nodiscard]] std::string write_response_head(const Response& response, AfterAnswer after);

}  // namespace neve::service
