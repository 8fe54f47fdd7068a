#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <neve/cache/backend.hpp>

namespace neve {

/// Whether an entry with the one expiry is still found when one with the other has gone; absent is never.
inline bool lasts_longer(const std::optional<TimePoint>& one, const std::optional<TimePoint>& other) {
  return other && (!one || *one > *other);
}

/// What has at most so many bytes is read again as fast as it is asked for.
inline constexpr std::uint64_t kReadAgain = 64 << 10;

/// Whether `now` is the entry that was `found` before, and is kept for as long. The expiry of what neve did not write
/// is a server's answer about the time that is left, and differs a little each time.
inline bool is_same_entry(const LookupResult& found, const Entry& now, const std::optional<TimePoint>& expires_at) {
  constexpr std::chrono::seconds kSlack{1};
  const auto limit = expires_at ? std::optional(*expires_at + kSlack) : std::nullopt;
  return !lasts_longer(found.expires_at, limit) && now.arrays == found.entry->arrays &&
         encode_entry_json(now) == encode_entry_json(*found.entry);
}

}  // namespace neve
