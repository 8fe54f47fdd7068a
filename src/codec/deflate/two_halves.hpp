#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include <neve/base/bytes.hpp>

#include "codec/deflate/isal_stream.hpp"

namespace neve {

/// From where a second thread repays what it takes to start one. Longer members than a few times this are segments.
inline constexpr std::size_t kHalvesFrom = std::size_t{512} << 10;

/// Starts `work` in a thread of its own, which nobody waits for; false if there is none to be had.
using StartThread = std::function<bool(std::function<void()> work)>;

/// Writes into `out` one complete deflate stream of `body`, its second half by another thread if `start` gives one and
/// that thread does its work in time; with `stream` otherwise. The bytes are the same. Returns how many they are, or 0
/// if they do not fit.
[[nodiscard]] std::size_t deflate_in_halves(IsalStream& stream, ByteSpan body, std::span<std::byte> out,
                                            const StartThread& start);

}  // namespace neve
