#include "codec/npz/member_method.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "codec/deflate/deflate.hpp"

// Storing what hardly shrinks costs a few per cent of space and makes reading tens of times faster, so only data with
// a ratio of 1.2 or more are deflated. Compressing 8 KB on trial takes 12 to 24 us, as long as everything else in
// storing a small entry, so a sample is first looked at: bytes spread like noise and no repeated words mean "store".
namespace neve {
namespace {

constexpr std::size_t kStoreBelow = std::size_t{4} << 10;
constexpr std::size_t kSmallStoreBelow = 256;
constexpr std::size_t kSampleBytes = std::size_t{8} << 10;
constexpr std::size_t kGlanceBytes = std::size_t{1} << 10;
constexpr double kLeastRatio = 1.2;
constexpr double kSmallLeastRatio = 16.0 / 15;  // what a whole stream must shrink by to be written

// Shannon entropy from which on bytes alone cannot give a ratio of 1.2; 8 / 1.2 = 6.67 plus a margin for the 2 KB
// glance.
constexpr float kNoiseBits = 6.9F;

// log2 by the exponent and a quadratic in the mantissa; within 0.01, and the same on every machine.
float approximate_log2(std::int32_t value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 127);
  const auto mantissa = std::bit_cast<float>((bits & 0x007FFFFFU) | 0x3F800000U);
  return exponent + (-0.33582878F * mantissa + 2.0F) * mantissa - 1.65871022F;
}

float entropy_bits(ByteSpan bytes) {
  // Two tables: runs of one value would otherwise wait for their own counter.
  std::array<std::array<std::uint16_t, 256>, 2> counts{};
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    ++counts[0][std::to_integer<std::size_t>(bytes[i])];
    ++counts[1][std::to_integer<std::size_t>(bytes[i + 1])];
  }
  std::array<float, 8> sums{};
  for (std::size_t value = 0; value < 256; ++value) {
    const std::int32_t count = counts[0][value] + counts[1][value];
    sums[value % 8] += static_cast<float>(count) * approximate_log2(count);  // 0 for a count of 0
  }
  const float sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  const auto total = static_cast<float>(bytes.size() / 2 * 2);
  return approximate_log2(static_cast<std::int32_t>(total)) - sum / total;
}

// Whether more than one in sixteen 8-byte words has been seen before in `bytes`.
bool repeats_words(ByteSpan bytes) {
  constexpr std::size_t kSlots = 512;
  std::array<std::uint16_t, kSlots> last{};  // 1 + index of the latest word with that hash
  std::size_t repeats = 0;
  const std::size_t words = bytes.size() / 8;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + 8 * i, 8);
    std::uint16_t& slot = last[word * 0x9E3779B97F4A7C15ULL >> 55];
    if (slot != 0 && std::memcmp(bytes.data() + 8 * (slot - 1U), &word, 8) == 0) ++repeats;
    slot = static_cast<std::uint16_t>(i + 1);
  }
  return repeats * 16 > words;
}

bool looks_random(ByteSpan sample) {
  const ByteSpan glance = sample.first(std::min(sample.size(), kGlanceBytes));
  return entropy_bits(glance) > kNoiseBits && !repeats_words(glance);
}

struct Samples {
  std::size_t count;
  std::size_t bytes;
  std::size_t step;
};

// Evenly spread over the data, the last one at the end, each at a multiple of 16 bytes.
Samples spread_samples(std::size_t size) {
  Samples samples{2, std::min(kSampleBytes, size / 2), 0};
  if (size >= std::size_t{64} << 10) samples.count = 4;
  if (size >= std::size_t{1} << 20) samples.count = 8;
  samples.step = (size - samples.bytes) / (samples.count - 1) / 16 * 16;
  return samples;
}

// Whether the samples shrink by `least_ratio`, which is taken for no where a sample looks random at `glance`.
bool would_shrink(ByteSpan data, double least_ratio, bool glance) {
  const Samples samples = spread_samples(data.size());
  const auto most = static_cast<double>(samples.count * samples.bytes) / least_ratio;
  std::size_t packed = 0;
  for (std::size_t i = 0; i < samples.count; ++i) {
    const ByteSpan sample = data.subspan(i * samples.step, samples.bytes);
    packed += glance && looks_random(sample) ? sample.size() : probe_deflate(sample);
    if (static_cast<double>(packed) > most) return false;
    // Whatever the others give.
    if (static_cast<double>(packed + (samples.count - 1 - i) * samples.bytes) <= most) return true;
  }
  return true;
}

// The same for `kLeastRatio`. Of data as short as this a trial would be all of the work: a glance must do.
bool may_shrink(ByteSpan data) {
  if (data.size() > 2 * kSampleBytes) return would_shrink(data, kLeastRatio, true);
  return !looks_random(data) || !looks_random(data.subspan(data.size() / 32 * 16));
}

// How far back the compressors look: deflate allows 32 KB, of which ISA-L level 1 finds noise again in a quarter.
constexpr std::uint64_t kWindow = std::uint64_t{8} << 10;
constexpr std::uint64_t kSmallWindow = std::uint64_t{32} << 10;

// Whether rows, planes or what else stands along an axis repeat within `window` bytes, as in the grids of
// numpy.meshgrid: further apart than a sample reaches.
bool repeats_slices(const Array& array, std::uint64_t window) {
  constexpr std::uint64_t kNearest = 1024;  // what is nearer, a sample shows
  constexpr std::size_t kCompared = 256;
  constexpr std::size_t kPlaces = 8;
  const ByteSpan data = array.bytes().span();
  std::uint64_t stride = array.dtype().item_size();
  for (std::size_t axis = 0; axis < array.shape().size(); ++axis) {
    const bool c_order = array.order() == Order::c;
    stride *= array.shape()[c_order ? array.shape().size() - 1 - axis : axis];
    if (stride > window || stride + kCompared > data.size()) return false;
    if (stride < kNearest) continue;
    const std::size_t last = data.size() - static_cast<std::size_t>(stride) - kCompared;
    std::size_t repeated = 0;
    for (std::size_t i = 0; i < kPlaces; ++i) {
      const std::size_t at = last / (kPlaces - 1) * i;
      repeated += std::memcmp(data.data() + at, data.data() + at + stride, kCompared) == 0 ? 1 : 0;
    }
    if (repeated > kPlaces / 2) return true;
  }
  return false;
}

}  // namespace

MemberPlan plan_member_method(const Array& array, Compression compression, std::uint64_t segments_from) {
  const ByteSpan data = array.bytes().span();
  const auto planned = [&](bool shrinks, double least_ratio) {
    const MemberMethod shorter = data.size() >= segments_from ? MemberMethod::segments : MemberMethod::deflate;
    return MemberPlan{shrinks ? shorter : MemberMethod::store, least_ratio};
  };
  switch (compression) {
    case Compression::store:
      break;
    case Compression::small:
      if (data.size() < kSmallStoreBelow) break;
      // Segments are on their way when they turn out too long.
      return planned(data.size() < segments_from || would_shrink(data, kSmallLeastRatio, false) ||
                         repeats_slices(array, kSmallWindow),
                     kSmallLeastRatio);
    case Compression::adaptive:
      if (data.size() < kStoreBelow) break;
      return planned(may_shrink(data) || repeats_slices(array, kWindow), kLeastRatio);
  }
  return {MemberMethod::store, 1};
}

}  // namespace neve
