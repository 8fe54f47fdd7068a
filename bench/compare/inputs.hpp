#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <neve/codec/entry.hpp>

namespace neve::bench {

/// The float64 arrays every case works on. `random`: standard normal, hardly compressible. `smooth`: a pulse spectrum
/// rounded to 6 decimals, which compresses well. Sizes: `8k`, `1m`, `64m` bytes.
[[nodiscard]] std::vector<double> make_input(const std::string& size, const std::string& kind);

/// Writes `make_input` to FOLDER/data/KIND.SIZE.f64 for the peers.
void write_inputs(const std::filesystem::path& folder);

/// An entry of about 430 bytes of JSON and the array under the name `field`; the same as the peers use.
[[nodiscard]] Entry make_entry(const std::string& size, const std::string& kind);

}  // namespace neve::bench
