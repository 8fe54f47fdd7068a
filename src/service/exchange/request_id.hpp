#pragma once

#include <string>

#include <neve/service/request.hpp>

namespace neve::service {

/// The client's own X-Request-Id if it is 1 to 64 letters, digits, '.', '_' and '-', else 16 fresh hexadecimal digits.
[[nodiscard]] std::string request_id_of(const Request& request);
[[nodiscard]] std::string fresh_request_id();

}  // namespace neve::service
