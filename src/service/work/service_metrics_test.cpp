#include "service/work/service_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/exchange/problem.hpp"

namespace neve::service {
namespace {

using testing::HasSubstr;

TEST(ServiceMetrics, CountByRouteStatusAndDuration) {
  ServiceMetrics metrics;
  ExchangeNote note;
  note.route = Route::concentration;
  note.cache = CacheOutcome::hit;
  metrics.finished(note, 200, {0.002, 100, Delivery::complete});
  metrics.finished(note, 200, {0.2, 100, Delivery::too_slow});
  metrics.uploaded(5);
  try {
    const std::string text = metrics.text({1, 2, 3}, {4, 5, 6, 7, 8});
    EXPECT_THAT(text, HasSubstr("neve_http_requests_total{route=\"concentration\",status=\"200\"} 2"));
    EXPECT_THAT(text, HasSubstr("neve_http_request_seconds_bucket{route=\"concentration\",le=\"0.0025\"} 1"));
    EXPECT_THAT(text, HasSubstr("neve_http_request_seconds_bucket{route=\"concentration\",le=\"+Inf\"} 2"));
    EXPECT_THAT(text, HasSubstr("neve_http_request_seconds_sum{route=\"concentration\"} 0.202"));
    EXPECT_THAT(text, HasSubstr("neve_http_sent_bytes_total{route=\"concentration\"} 200"));
    EXPECT_THAT(text, HasSubstr("neve_http_undelivered_total{route=\"concentration\"} 1"));
    EXPECT_THAT(text, HasSubstr("neve_analysis_requests_total{cache=\"hit\"} 2"));
    EXPECT_THAT(text, HasSubstr("neve_work{state=\"waiting\"} 2"));
    EXPECT_THAT(text, HasSubstr("neve_work_turned_away_total 3"));
    EXPECT_THAT(text, HasSubstr("neve_analyses_total{source=\"computed\"} 6"));
    EXPECT_THAT(text, HasSubstr("neve_analyses_waited_total 7"));
    EXPECT_THAT(text, HasSubstr("neve_http_uploaded_bytes_total 5"));
  } catch (const ProblemError& error) {
    EXPECT_EQ(error.problem().kind, ProblemKind::not_built) << error.what();
  }
}

}  // namespace
}  // namespace neve::service
