#pragma once

#include <neve/codec/npy.hpp>

namespace neve {

/// The array that `header`, read from the start of `file`, describes: `read_npy` for a header that is already parsed.
[[nodiscard]] Array make_array(NpyHeader header, const Bytes& file);

/// Whether the elements of `file` lie where `dtype` can be read in place.
[[nodiscard]] bool is_aligned(const NpyHeader& header, const Bytes& file) noexcept;

}  // namespace neve
