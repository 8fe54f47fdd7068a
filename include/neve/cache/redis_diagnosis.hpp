#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/cache/tiered.hpp>

namespace neve {

/// Something about a server that keeps a cache from working, or from working well, and how to fix it.
struct RedisProblem {
  std::string what;
  std::string remedy;
  std::string server{};  ///< the address of the one that has it; empty: of none in particular
};

/// What an examination of a server found. No text in it holds a password. A plain value.
struct RedisDiagnosis {
  std::vector<std::pair<std::string, std::string>> facts;  ///< name and value, for a person
  std::vector<RedisProblem> problems;
};

/// Examines the server, sentinels or cluster that a Redis URL names, as a cache would use them: whether they can be
/// reached and let us in, what each command we need is answered, memory and eviction, version, role, round trip, clock
/// and blob folder. Writes one small key of its own that expires by itself, unless `access` is read-only.
///
/// Takes a few round trips, and some seconds where nothing answers. What is wrong with the server is a problem in the
/// result; what is wrong with the URL throws `invalid_argument`, and `unsupported` if this neve was built without
/// Redis.
[[nodiscard]] RedisDiagnosis diagnose_redis(std::string_view url, TierAccess access);

}  // namespace neve
