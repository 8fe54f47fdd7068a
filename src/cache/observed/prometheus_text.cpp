#include <neve/cache/prometheus_text.hpp>

#include <neve/base/error.hpp>

#ifdef NEVE_WITH_PROMETHEUS
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#endif

namespace neve {

#ifdef NEVE_WITH_PROMETHEUS

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Families in the order they are first named. Not thread-safe.
class Families {
 public:
  void counter(const char* name, const char* help, Labels labels, double value) {
    sample(name, help, MetricType::Counter, std::move(labels)).counter.value = value;
  }
  void gauge(const char* name, const char* help, Labels labels, double value) {
    sample(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value;
  }
  void histogram(const char* name, const char* help, Labels labels, const LatencySummary& latency) {
    auto& histogram = sample(name, help, MetricType::Histogram, std::move(labels)).histogram;
    histogram.sample_count = latency.count;
    histogram.sample_sum = latency.total_s;
    for (const LatencyBucket& bucket : latency.buckets) histogram.bucket.push_back({bucket.count, bucket.up_to_s});
    histogram.bucket.push_back({latency.count, std::numeric_limits<double>::infinity()});
  }
  [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  ClientMetric& sample(const char* name, const char* help, MetricType type, Labels labels) {
    std::size_t at = 0;
    while (at < families_.size() && families_[at].name != name) ++at;
    if (at == families_.size()) families_.push_back({name, help, type, {}});
    ClientMetric& metric = families_[at].metric.emplace_back();
    for (auto& [label, value] : labels) metric.label.push_back({std::move(label), std::move(value)});
    return metric;
  }

  std::vector<MetricFamily> families_;
};

double number(std::uint64_t count) { return static_cast<double>(count); }

Labels with(Labels labels, const char* name, std::string_view value) {
  labels.emplace_back(name, value);
  return labels;
}

void add_statistics(Families& families, const Labels& labels, const CacheStatistics& s) {
  families.counter("neve_cache_hits_total", "Lookups that found an entry.", labels, number(s.hits));
  for (std::size_t i = 0; i < kMissReasons; ++i) {
    const auto reason = static_cast<MissReason>(i);
    if (reason == MissReason::none) continue;
    families.counter("neve_cache_misses_total", "Lookups that found none, by reason.",
                     with(labels, "reason", to_string(reason)), number(s.misses_by_reason[i]));
  }
  families.counter("neve_cache_stores_total", "Entries stored.", labels, number(s.stores));
  families.counter("neve_cache_declined_total", "Stores that were decided against.", labels, number(s.declined));
  families.counter("neve_cache_erased_total", "Entries erased on request.", labels, number(s.erased));
  families.counter("neve_cache_read_bytes_total", "Bytes read by hits.", labels, number(s.bytes_read));
  families.counter("neve_cache_written_bytes_total", "Bytes written by stores.", labels, number(s.bytes_written));
  families.counter("neve_cache_saved_seconds_total", "Seconds of computation that hits made unnecessary.", labels,
                   s.saved_s);
  const auto latency = [&](const char* operation, const LatencySummary& summary) {
    families.histogram("neve_cache_operation_seconds", "How long operations took.",
                       with(labels, "operation", operation), summary);
  };
  latency("hit", s.hit);
  latency("miss", s.miss);
  latency("store", s.store);
}

void add_tier(Families& families, const Labels& labels, const TierReport& tier) {
  add_statistics(families, labels, tier.statistics);
  families.counter("neve_cache_promotions_total", "Entries copied into the tier because a farther one had them.",
                   labels, number(tier.promotions));
  for (const auto& [kind, count] : tier.errors_by_kind()) {
    families.counter("neve_cache_errors_total", "Operations that failed, by kind.", with(labels, "kind", kind),
                     number(count));
  }
  if (!tier.guard) return;
  families.gauge("neve_cache_breaker_open", "1 while the store is away and not asked, else 0.", labels,
                 tier.guard->state == BreakerState::closed ? 0 : 1);
  families.counter("neve_cache_outages_total", "Times the store went away.", labels, number(tier.guard->outages));
  families.counter("neve_cache_skipped_total", "Operations not tried because the store was away.", labels,
                   number(tier.guard->skipped));
}

}  // namespace

bool has_prometheus_text() noexcept { return true; }

std::string prometheus_text(const std::map<std::string, CacheReport>& caches) {
  Families families;
  for (const auto& [name, report] : caches) {
    std::size_t position = 0;
    for (const TierReport& tier : report.tiers) {
      // Two tiers of one kind are told apart by their place in the chain.
      const Labels labels{{"cache", name}, {"tier", tier.statistics.backend}, {"level", std::to_string(++position)}};
      add_tier(families, labels, tier);
    }
    const Labels whole{{"cache", name}};
    families.counter("neve_cache_background_stores_total", "Stores left to the background thread.", whole,
                     number(report.background_stores));
    families.counter("neve_cache_queue_full_total", "Background stores that had to be done at once.", whole,
                     number(report.queue_full));
  }
  return families.text();
}

#else

bool has_prometheus_text() noexcept { return false; }

std::string prometheus_text(const std::map<std::string, CacheReport>& /*caches*/) {
  throw Error(ErrorCode::unsupported,
              "metrics as Prometheus text were asked for, but this neve was built without; build it with the CMake "
              "option NEVE_PROMETHEUS=ON (needs prometheus-cpp)");
}

#endif

}  // namespace neve
