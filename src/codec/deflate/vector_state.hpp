#pragma once

#include <cstdint>

namespace neve {

/// Clears the upper halves of the vector registers. ISA-L 2.30 leaves them dirty after its CRC and deflate routines,
/// and every SSE routine that runs later in the thread (OpenSSL's SHA-256, XXH3) then pays for it: measured 15 % to 4x.
#if defined(__x86_64__)
[[gnu::target("avx")]] inline void clear_vector_uppers_avx() noexcept { __builtin_ia32_vzeroupper(); }

inline void clear_vector_uppers() noexcept {
  if (__builtin_cpu_supports("avx") != 0) clear_vector_uppers_avx();
}
#else
inline void clear_vector_uppers() noexcept {}
#endif

}  // namespace neve
