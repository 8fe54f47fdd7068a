#include "cache/disk/ledger/ledger_record.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace neve {
namespace {

constexpr std::uint64_t kBytesMask = (std::uint64_t{1} << 44) - 1;
constexpr unsigned kKindShift = 44;
constexpr unsigned kWriterShift = 46;
constexpr unsigned kHitsShift = 48;
constexpr std::uint32_t kMostHits = 0xFFFF;

using Seconds = std::chrono::seconds;

std::uint32_t clamp_seconds(std::int64_t seconds) noexcept {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX));
}

std::uint32_t to_seconds(TimePoint time) noexcept {
  return clamp_seconds(std::chrono::floor<Seconds>(time).time_since_epoch().count());
}

/// Rounded up, so that nothing seems expired before it is.
std::uint32_t expiry_to_seconds(const std::optional<TimePoint>& time) noexcept {
  if (!time) return 0;
  return std::max(clamp_seconds(std::chrono::ceil<Seconds>(*time).time_since_epoch().count()), std::uint32_t{1});
}

TimePoint from_seconds(std::uint32_t seconds) noexcept { return TimePoint(Seconds(seconds)); }

std::uint64_t pair(std::uint32_t low, std::uint32_t high) noexcept {
  return low | static_cast<std::uint64_t>(high) << 32;
}
std::uint32_t low(std::uint64_t word) noexcept { return static_cast<std::uint32_t>(word); }
std::uint32_t high(std::uint64_t word) noexcept { return static_cast<std::uint32_t>(word >> 32); }

}  // namespace

LedgerFacts LedgerRecordView::facts() const noexcept {
  const std::uint64_t counts = words_[4].load(std::memory_order_relaxed);
  const std::uint64_t cost = words_[5].load(std::memory_order_relaxed);
  const std::uint64_t times = words_[6].load(std::memory_order_relaxed);
  LedgerFacts facts;
  facts.bytes = counts & kBytesMask;
  facts.hits = static_cast<std::uint32_t>(counts >> kHitsShift);
  facts.writer = (counts >> kWriterShift & 1U) != 0 ? Writer::neve : Writer::other;
  const float seconds = std::bit_cast<float>(low(cost));
  facts.compute_s = std::isfinite(seconds) && seconds > 0 ? static_cast<double>(seconds) : 0;
  facts.stored_at = from_seconds(high(cost));
  facts.last_used = from_seconds(low(times));
  if (high(times) != 0) facts.expires_at = from_seconds(high(times));
  return facts;
}

LedgerKey::Kind LedgerRecordView::kind() const noexcept {
  const std::uint64_t bits = words_[4].load(std::memory_order_relaxed) >> kKindShift & 3U;
  return bits <= 1 ? static_cast<LedgerKey::Kind>(bits) : LedgerKey::Kind::hashed;
}

LedgerKey::Words LedgerRecordView::key_words() const noexcept {
  LedgerKey::Words words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = words_[i].load(std::memory_order_relaxed);
  return words;
}

std::uint64_t LedgerRecordView::write(const LedgerKey& key, const LedgerFacts& facts) noexcept {
  for (std::size_t i = 0; i < key.words().size(); ++i) words_[i].store(key.words()[i], std::memory_order_relaxed);
  const auto seconds = static_cast<float>(std::clamp(facts.compute_s, 0.0, 1e30));
  words_[5].store(pair(std::bit_cast<std::uint32_t>(seconds), to_seconds(facts.stored_at)), std::memory_order_relaxed);
  words_[6].store(pair(to_seconds(facts.last_used), expiry_to_seconds(facts.expires_at)), std::memory_order_relaxed);
  const std::uint64_t counts = std::min(facts.bytes, kBytesMask) |
                               static_cast<std::uint64_t>(key.kind()) << kKindShift |
                               static_cast<std::uint64_t>(facts.writer == Writer::neve) << kWriterShift |
                               static_cast<std::uint64_t>(std::min(facts.hits, kMostHits)) << kHitsShift;
  return words_[4].exchange(counts, std::memory_order_relaxed) & kBytesMask;
}

void LedgerRecordView::set_last_used(TimePoint time) noexcept {
  std::uint64_t times = words_[6].load(std::memory_order_relaxed);
  words_[6].compare_exchange_strong(times, pair(to_seconds(time), high(times)), std::memory_order_relaxed);
}

}  // namespace neve
