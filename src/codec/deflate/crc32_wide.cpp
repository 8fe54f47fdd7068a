#include "codec/deflate/crc32_wide.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include "codec/deflate/crc32_polynomial.hpp"

namespace neve {
namespace {

// The factor that moves a 64-bit half across x^n; the product of two reflected numbers is one bit short, hence the
// shift.
constexpr long long shift_factor(std::uint64_t n) { return static_cast<long long>(crc::power_of_x(n)) << 1; }

// The constants of the paper, as a check on how the others are derived.
static_assert(shift_factor(4 * 128 + 32) == 0x0154442BD4 && shift_factor(4 * 128 - 32) == 0x01C6E41596);
static_assert(shift_factor(128 + 32) == 0x01751997D0 && shift_factor(128 - 32) == 0x00CCAA009E);

constexpr std::size_t kLanes = kFoldBlock / sizeof(__m256i);

// `from`, moved `Bits` further along the message, plus `to`.
template <std::uint64_t Bits>
[[gnu::target("avx2,vpclmulqdq"), gnu::always_inline]] inline __m256i fold(__m256i from, __m256i to) {
  constexpr long long kLow = shift_factor(Bits + 32);
  constexpr long long kHigh = shift_factor(Bits - 32);
  const __m256i factors = _mm256_set_epi64x(kHigh, kLow, kHigh, kLow);
  const __m256i low = _mm256_clmulepi64_epi128(from, factors, 0x00);
  const __m256i high = _mm256_clmulepi64_epi128(from, factors, 0x11);
  return _mm256_xor_si256(_mm256_xor_si256(low, high), to);
}

[[gnu::target("avx2,vpclmulqdq"), gnu::always_inline]] inline __m256i load(const std::byte* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

}  // namespace

bool can_fold_crc32() noexcept {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("vpclmulqdq") != 0 &&
         __builtin_cpu_supports("avx512vl") == 0;
}

[[gnu::target("avx2,vpclmulqdq,pclmul")]] FoldedCrc32 fold_crc32(std::uint32_t crc, ByteSpan blocks) noexcept {
  const std::byte* at = blocks.data();
  const std::byte* const end = at + blocks.size();
  __m256i lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = load(at + i * sizeof(__m256i));
  lanes[0] = _mm256_xor_si256(lanes[0], _mm256_zextsi128_si256(_mm_cvtsi32_si128(static_cast<int>(~crc))));
  for (at += kFoldBlock; at != end; at += kFoldBlock) {
    for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = fold<8 * kFoldBlock>(lanes[i], load(at + i * sizeof(__m256i)));
  }
  for (std::size_t i = 1; i < kLanes; ++i) lanes[i] = fold<256>(lanes[i - 1], lanes[i]);

  const __m128i first = _mm256_castsi256_si128(lanes[kLanes - 1]);
  const __m128i second = _mm256_extracti128_si256(lanes[kLanes - 1], 1);
  const __m128i factors = _mm_set_epi64x(shift_factor(128 - 32), shift_factor(128 + 32));
  const __m128i moved =
      _mm_xor_si128(_mm_clmulepi64_si128(first, factors, 0x00), _mm_clmulepi64_si128(first, factors, 0x11));
  FoldedCrc32 folded;
  _mm_store_si128(reinterpret_cast<__m128i*>(folded.bytes), _mm_xor_si128(moved, second));
  return folded;
}

}  // namespace neve

#else

namespace neve {

bool can_fold_crc32() noexcept { return false; }
FoldedCrc32 fold_crc32(std::uint32_t, ByteSpan) noexcept { return {}; }

}  // namespace neve

#endif
