#include "service/work/service_metrics.hpp"

#include "service/exchange/problem.hpp"

#ifdef NEVE_WITH_PROMETHEUS
#include <limits>
#include <utility>
#include <vector>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#endif

namespace neve::service {

void ServiceMetrics::finished(const ExchangeNote& note, int status, const Exchange& exchange) noexcept {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  OfRoute& route = routes_[static_cast<std::size_t>(note.route)];
  if (status >= 0 && static_cast<std::size_t>(status) < route.by_status.size()) {
    route.by_status[static_cast<std::size_t>(status)].fetch_add(1, kRelaxed);
  }
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && exchange.total_s > kBounds[bucket]) ++bucket;
  route.by_duration[bucket].fetch_add(1, kRelaxed);
  route.total_us.fetch_add(static_cast<std::uint64_t>(exchange.total_s * 1e6), kRelaxed);
  route.sent_bytes.fetch_add(exchange.sent_bytes, kRelaxed);
  route.by_cache[static_cast<std::size_t>(note.cache)].fetch_add(1, kRelaxed);
  if (exchange.delivery != Delivery::complete) route.not_delivered.fetch_add(1, kRelaxed);
}

#ifdef NEVE_WITH_PROMETHEUS

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double number(std::uint64_t count) { return static_cast<double>(count); }

ClientMetric& sample(MetricFamily& family, std::initializer_list<std::pair<const char*, std::string>> labels) {
  ClientMetric& metric = family.metric.emplace_back();
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  return metric;
}

MetricFamily counter(const char* name, const char* help, std::uint64_t count) {
  MetricFamily family{name, help, MetricType::Counter, {}};
  sample(family, {}).counter.value = number(count);
  return family;
}

MetricFamily work_family(const WorkQueue::Load& load) {
  MetricFamily family{"neve_work", "Long work by state", MetricType::Gauge, {}};
  sample(family, {{"state", "running"}}).gauge.value = number(load.running);
  sample(family, {{"state", "waiting"}}).gauge.value = number(load.waiting);
  return family;
}

MetricFamily answers_family(const dataset::AnalysesStatistics& analyses) {
  MetricFamily family{
      "neve_analyses_total", "Analyses answered, by where the answer came from", MetricType::Counter, {}};
  sample(family, {{"source", "cache"}}).counter.value = number(analyses.from_cache);
  sample(family, {{"source", "artifact"}}).counter.value = number(analyses.from_artifacts);
  sample(family, {{"source", "computed"}}).counter.value = number(analyses.computed);
  return family;
}

}  // namespace

/// What is counted by route.
struct ServiceMetrics::Families {
  MetricFamily requests{"neve_http_requests_total", "Requests answered", MetricType::Counter, {}};
  MetricFamily seconds{
      "neve_http_request_seconds", "From a request's head to its answer's last byte", MetricType::Histogram, {}};
  MetricFamily bytes{"neve_http_sent_bytes_total", "Bytes of answers' bodies", MetricType::Counter, {}};
  MetricFamily lost{
      "neve_http_undelivered_total", "Answers whose client left or was too slow", MetricType::Counter, {}};
  MetricFamily cache{"neve_analysis_requests_total", "Analyses by what the cache had", MetricType::Counter, {}};

  void add(const std::string& name, const OfRoute& route) {
    for (std::size_t status = 0; status < route.by_status.size(); ++status) {
      if (const std::uint64_t count = route.by_status[status]; count > 0) {
        sample(requests, {{"route", name}, {"status", std::to_string(status)}}).counter.value = number(count);
      }
    }
    if (!add_durations(name, route)) return;
    sample(bytes, {{"route", name}}).counter.value = number(route.sent_bytes);
    sample(lost, {{"route", name}}).counter.value = number(route.not_delivered);
    for (const CacheOutcome outcome : {CacheOutcome::hit, CacheOutcome::miss, CacheOutcome::bypass}) {
      if (const std::uint64_t count = route.by_cache[static_cast<std::size_t>(outcome)]; count > 0) {
        sample(cache, {{"cache", std::string(to_string(outcome))}}).counter.value = number(count);
      }
    }
  }

 private:
  /// False if nobody has asked for the route yet.
  bool add_durations(const std::string& name, const OfRoute& route) {
    prometheus::ClientMetric::Histogram histogram;
    std::uint64_t cumulative = 0;
    for (std::size_t bucket = 0; bucket <= kBounds.size(); ++bucket) {
      cumulative += route.by_duration[bucket];
      histogram.bucket.push_back(
          {cumulative, bucket < kBounds.size() ? kBounds[bucket] : std::numeric_limits<double>::infinity()});
    }
    if (cumulative == 0) return false;
    histogram.sample_count = cumulative;
    histogram.sample_sum = number(route.total_us) / 1e6;
    sample(seconds, {{"route", name}}).histogram = std::move(histogram);
    return true;
  }
};

std::string ServiceMetrics::text(const WorkQueue::Load& load, const dataset::AnalysesStatistics& analyses) const {
  Families http;
  for (std::size_t i = 0; i < kRoutes; ++i) http.add(std::string(to_string(static_cast<Route>(i))), routes_[i]);
  MetricFamily in_flight{"neve_http_in_flight", "Requests being handled", MetricType::Gauge, {}};
  sample(in_flight, {}).gauge.value = static_cast<double>(in_flight_.load());
  return prometheus::TextSerializer().Serialize(
      {http.requests, http.seconds, http.bytes, http.lost, http.cache, in_flight,
       counter("neve_http_uploaded_bytes_total", "Bytes of files received", uploaded_bytes_), work_family(load),
       counter("neve_work_turned_away_total", "Requests for long work answered 429", load.turned_away),
       answers_family(analyses),
       counter("neve_analyses_waited_total", "Analyses answered by another request's work", analyses.waited),
       counter("neve_analyses_superseded_total", "Computations thrown away because the dataset changed",
               analyses.superseded)});
}

#else

std::string ServiceMetrics::text(const WorkQueue::Load&, const dataset::AnalysesStatistics&) const {
  throw ProblemError(ProblemKind::not_built,
                     "this neve was built without metrics; the CMake option NEVE_PROMETHEUS adds them");
}

#endif

}  // namespace neve::service
