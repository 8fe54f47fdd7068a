#include <unistd.h>

#include <neve/cache/cache_report.hpp>
#include <neve/cache/prometheus_text.hpp>

#include "service/handlers/context.hpp"
#include "service/handlers/openapi.hpp"

namespace neve::service {
namespace {

/// Whether additions can be written, as far as can be said without writing.
bool is_writable(const std::filesystem::path& root) {
  std::error_code none;
  if (!std::filesystem::exists(root, none))
    return ::access(root.parent_path().empty() ? "." : root.parent_path().c_str(), W_OK) == 0;
  return ::access(root.c_str(), W_OK) == 0;
}

/// Of each tier whose server may be away, whether it is being asked. Losing it costs speed only, so it says nothing
/// about readiness.
Json cache_state(const Observed& cache) {
  Json tiers = Json::array();
  for (const TierReport& tier : CacheReport::of(cache).tiers) {
    tiers.push_back({{"tier", tier.statistics.backend},
                     {"state", tier.guard && tier.guard->state != BreakerState::closed ? "away" : "ok"}});
  }
  return tiers;
}

}  // namespace

Response show_health(const Call& call) {
  (void)known_parameters(call.request, {});
  return json_response(200, {{"status", "ok"}});
}

Response show_readiness(const Call& call) {
  (void)known_parameters(call.request, {});
  const char* status = call.context.draining                     ? "draining"
                       : !call.context.store_watch.is_there()    ? "store not there"
                       : !is_writable(call.context.store.root()) ? "store not writable"
                                                                 : "ready";
  return json_response(std::string_view(status) == "ready" ? 200 : 503,
                       {{"status", status}, {"cache", cache_state(*call.context.cache)}});
}

Response show_metrics(const Call& call) {
  (void)known_parameters(call.request, {});
  Response response;
  response.with("Content-Type", kPrometheusMediaType).with("Cache-Control", "no-store");
  response.body = Bytes::from(call.context.metrics.text(call.context.work.load(), call.context.analyses.statistics()) +
                              prometheus_text({{"analysis", CacheReport::of(*call.context.cache)}}));
  return response;
}

Response show_openapi(const Call& call) {
  (void)known_parameters(call.request, {});
  Response response;
  response.with("Content-Type", "application/json").with("Cache-Control", "no-cache");
  response.body = Bytes::borrowed(as_byte_span(openapi_document()));
  return response;
}

}  // namespace neve::service
