#include "service/exchange/request_id.hpp"

#include <algorithm>
#include <random>

#include <neve/base/ascii.hpp>

namespace neve::service {

std::string fresh_request_id() {
  // Unlike each other, not unguessable: nothing depends on an id.
  thread_local std::mt19937_64 generator{std::random_device{}() ^ (std::uint64_t{std::random_device{}()} << 32)};
  std::uint64_t number = generator();
  std::string id(16, '0');
  for (char& digit : id) {
    digit = kHexDigits[number & 15];
    number >>= 4;
  }
  return id;
}

std::string request_id_of(const Request& request) {
  const std::string* given = request.header("x-request-id");
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  if (given != nullptr && !given->empty() && given->size() <= 64 && std::all_of(given->begin(), given->end(), fits)) {
    return *given;
  }
  return fresh_request_id();
}

}  // namespace neve::service
