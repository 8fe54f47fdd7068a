#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include <neve/dataset/analysis/analysis.hpp>
#include <neve/service/http_server.hpp>

#include "service/exchange/exchange_note.hpp"
#include "service/work/work_queue.hpp"

namespace neve::service {

/// Counts what the service does, for /metrics. Thread-safe; a request costs a few relaxed additions.
class ServiceMetrics {
 public:
  void began() noexcept { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  /// Of each request that `began`.
  void handled() noexcept { in_flight_.fetch_sub(1, std::memory_order_relaxed); }
  void finished(const ExchangeNote& note, int status, const Exchange& exchange) noexcept;
  void uploaded(std::uint64_t bytes) noexcept { uploaded_bytes_.fetch_add(bytes, std::memory_order_relaxed); }

  /// The families `neve_http_*`, `neve_work_*` and `neve_analyses_*` as Prometheus text; docs/operations.md lists them.
  /// Throws ProblemError `not_built` in a build without NEVE_PROMETHEUS.
  [[nodiscard]] std::string text(const WorkQueue::Load& load, const dataset::AnalysesStatistics& analyses) const;

  /// Upper bounds of the buckets that requests are counted in by duration, in seconds; the last has none.
  static constexpr std::array<double, 14> kBounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                  0.025,  0.05,    0.1,    0.5,   1,      5,     30};

 private:
  using Count = std::atomic<std::uint64_t>;
  struct OfRoute {
    std::array<Count, 600> by_status{};
    std::array<Count, kBounds.size() + 1> by_duration{};
    Count total_us{};
    Count sent_bytes{};
    std::array<Count, 4> by_cache{};
    Count not_delivered{};
  };
  struct Families;

  std::array<OfRoute, kRoutes> routes_;
  std::atomic<std::int64_t> in_flight_{0};
  Count uploaded_bytes_{0};
};

}  // namespace neve::service
