#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include <neve/base/clock.hpp>

namespace neve::dataset {

struct AnalysisTtlOptions {
  std::chrono::seconds initial = std::chrono::hours(6);
  std::chrono::seconds shortest = std::chrono::hours(1);  ///< adjustments stay between this ...
  std::chrono::seconds longest = std::chrono::hours(6);   ///< ... and this
  std::chrono::seconds cold = std::chrono::hours(48);     ///< for datasets that have not changed for ...
  std::chrono::seconds cold_after = std::chrono::days(30);
  std::uint64_t window = 256;  ///< lookups between two adjustments; 0: never adjusted

  /// `longest` and what follows from it: an hour or less at the shortest, eight times as long for what is cold. Throws
  /// `invalid_argument` for less than a second or more than a thousand years.
  [[nodiscard]] static AnalysisTtlOptions at_most(std::chrono::seconds longest);
};

/// How long answers are kept: `initial` at first, then by how often they are found.
///
/// After each window of lookups: where fewer than half were found, answers are gone before they are asked for again,
/// and the time to live doubles; where more than nine in ten were, it shrinks by a quarter, which frees memory and
/// hardly costs a hit. It stays within the bounds. Thread-safe.
class AnalysisTtl {
 public:
  /// `log` gets one line per change; may be empty. Throws `invalid_argument` unless
  /// 0 < shortest <= initial <= longest and cold > 0.
  AnalysisTtl(const AnalysisTtlOptions& options, std::function<void(const std::string&)> log);

  /// For an entry of a dataset that last changed at `changed_at`.
  [[nodiscard]] std::chrono::seconds ttl(TimePoint changed_at, TimePoint now) const;

  void count(bool hit);

  /// The present one of datasets that are not cold.
  [[nodiscard]] std::chrono::seconds current() const;

 private:
  void adjust();

  AnalysisTtlOptions options_;
  std::function<void(const std::string&)> log_;
  mutable std::mutex mutex_;
  std::chrono::seconds current_;
  std::uint64_t hits_ = 0;
  std::uint64_t lookups_ = 0;
};

}  // namespace neve::dataset
