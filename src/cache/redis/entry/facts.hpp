#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <neve/base/clock.hpp>

#include "cache/redis/entry/blob_store.hpp"

namespace neve::redis {

/// What the `:facts` key of an entry holds: what its two halves cannot say. Absent if there is nothing to say. As JSON:
/// `{"arrays": {"location": "ab/ab12...", "sha256": "ab12...", "size": 123}, "compute_s": 1.5, "expires_ms":
/// 1790000000000}`, each member only if it applies. See docs/formats/redis.md.
struct EntryFacts {
  double compute_s = 0;                 ///< 0 if unknown
  std::optional<TimePoint> expires_at;  ///< as sealed into the entry; here so that `contains` need not read it
  std::optional<BlobPointer> meta;      ///< the half that lies in the blob folder instead of its own key
  std::optional<BlobPointer> arrays;
};

/// Empty if there is nothing to say.
[[nodiscard]] std::string print_facts(const EntryFacts& facts);

/// The facts of an entry without any for an empty text. Throws `corrupt` unless `text` is what `print_facts` gives.
[[nodiscard]] EntryFacts parse_facts(std::string_view text);

}  // namespace neve::redis
