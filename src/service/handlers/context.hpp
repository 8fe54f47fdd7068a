#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <neve/cache/observed.hpp>
#include <neve/codec/json.hpp>
#include <neve/dataset/analysis/analysis.hpp>
#include <neve/dataset/dataset_store.hpp>
#include <neve/service/service.hpp>

#include "service/access/api_keys.hpp"
#include "service/access/rate_limiter.hpp"
#include "service/access/url_signer.hpp"
#include "service/exchange/exchange_note.hpp"
#include "service/exchange/problem.hpp"
#include "service/exchange/router.hpp"
#include "service/work/service_metrics.hpp"
#include "service/work/store_watch.hpp"
#include "service/work/work_queue.hpp"

namespace neve::service {

/// What all handlers work with; lives as long as the service. Each member is thread-safe.
struct Context {
  Context(const dataset::DatasetStore& store_, const std::shared_ptr<Observed>& cache_, const ServiceOptions& options_,
          const Clock& clock_);

  const dataset::DatasetStore& store;
  const std::shared_ptr<Observed> cache;
  const ServiceOptions options;
  const Clock& clock;
  std::optional<ApiKeys> keys;
  const UrlSigner signer;
  StoreWatch store_watch;
  RateLimiter limiter;
  WorkQueue work;
  ServiceMetrics metrics;
  dataset::Analyses analyses;
  std::atomic<bool> draining = false;
};

/// One request on its way through a handler.
struct Call {
  Context& context;
  const Request& request;
  const Destination& destination;
  ExchangeNote& note;
};

/// `value` as indented JSON.
[[nodiscard]] Response json_response(int status, const Json& value);

/// Throws ProblemError `invalid_parameter` for a query parameter that is not among `known`, naming the nearest.
[[nodiscard]] QueryParameters known_parameters(const Request& request, std::initializer_list<std::string_view> known);

/// Whether a key must be presented.
[[nodiscard]] bool needs_key(Context& context);

/// The dataset a path names. Throws ProblemError `unknown_dataset`.
[[nodiscard]] dataset::DatasetRecord find_dataset(const Call& call, const std::string& id);

/// The problem that there is no dataset `id`, as `error` says. Throws ProblemError `unavailable` where it is the store
/// that is not there.
[[nodiscard]] ProblemError unknown_dataset(const Call& call, const std::string& id, const Error& error);

/// Throws ProblemError `unauthorized` unless the request may go on: it presents a key, none is asked for, or (for
/// artifacts) its address is signed; `forbidden` for a signature that is wrong or too old, and for what a page from
/// elsewhere asks of a service that is for this machine only.
void authorize(const Call& call);

// One function per route: they throw ProblemError or Error.
[[nodiscard]] Response list_datasets(const Call& call);
[[nodiscard]] Response add_dataset(const Call& call);
[[nodiscard]] Response show_dataset(const Call& call);
[[nodiscard]] Response remove_dataset(const Call& call);
[[nodiscard]] Response show_schema(const Call& call);
[[nodiscard]] Response show_lineage(const Call& call);
[[nodiscard]] Response analyse_concentration(const Call& call);
[[nodiscard]] Response send_artifact(const Call& call);
[[nodiscard]] Response show_health(const Call& call);
[[nodiscard]] Response show_readiness(const Call& call);
[[nodiscard]] Response show_metrics(const Call& call);
[[nodiscard]] Response show_openapi(const Call& call);

}  // namespace neve::service
