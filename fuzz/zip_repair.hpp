#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace neve::fuzz {

/// Writes the right CRC-32 into the headers of every zip member it can find in `file`, so that mutated members get past
/// the checksums and what lies behind them is tried too.
void repair_checksums(std::span<std::uint8_t> file);

/// One step of libFuzzer's own mutation followed, three times in four, by the repair. Returns the new size.
std::size_t mutate_zip(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned int seed);

}  // namespace neve::fuzz
