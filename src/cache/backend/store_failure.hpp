#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/cache/backend.hpp>

namespace neve {

/// Whether the store itself is at fault, rather than whoever asked: what a decorator may answer with a miss or a
/// declined store, and what counts against the store.
[[nodiscard]] inline bool is_failure_of_the_store(const Error& error) {
  return error.code() == ErrorCode::unavailable || error.code() == ErrorCode::timeout || error.code() == ErrorCode::io;
}

[[nodiscard]] inline LookupResult unavailable_in(std::string_view tier, std::string detail) {
  LookupResult result;
  result.reason = MissReason::unavailable;
  result.detail = std::move(detail);
  result.tier = tier;
  return result;
}

}  // namespace neve
