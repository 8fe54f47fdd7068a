#include <neve/service/service.hpp>

#include <cerrno>
#include <filesystem>
#include <new>
#include <optional>

#include <fmt/format.h>
#include <neve/base/digest.hpp>

#include "service/exchange/access_log.hpp"
#include "service/exchange/problem.hpp"
#include "service/exchange/request_id.hpp"
#include "service/handlers/context.hpp"

namespace neve::service {
namespace {

Response answer(const Call& call) {
  switch (call.destination.route) {
    case Route::healthz:
      return show_health(call);
    case Route::readyz:
      return show_readiness(call);
    case Route::metrics:
      return show_metrics(call);
    case Route::openapi:
      return show_openapi(call);
    case Route::list_datasets:
      return list_datasets(call);
    case Route::add_dataset:
      return add_dataset(call);
    case Route::show_dataset:
      return show_dataset(call);
    case Route::remove_dataset:
      return remove_dataset(call);
    case Route::schema:
      return show_schema(call);
    case Route::lineage:
      return show_lineage(call);
    case Route::concentration:
      return analyse_concentration(call);
    case Route::artifact:
      return send_artifact(call);
    case Route::unknown:
      break;
  }
  if (!call.destination.allowed.empty()) {
    throw ProblemError(Problem{ProblemKind::method_not_allowed,
                               "'" + call.request.path + "' takes " + call.destination.allowed,
                               Json{{"allowed", call.destination.allowed}},
                               {}});
  }
  throw ProblemError(ProblemKind::not_found,
                     "there is nothing at '" + call.request.path + "'; /openapi.json lists what there is");
}

/// What a lack of room on the disk or in memory, known by its `errno`, is to a client: nobody's mistake, and whoever
/// runs the service can mend it.
std::optional<Problem> storage_problem(int number) {
  if (number == ENOSPC || number == EDQUOT) {
    return Problem{ProblemKind::out_of_space,
                   "there is no room for it on the service's disks; its log says where, under this request id. "
                   "Removing datasets may help",
                   Json::object(),
                   {}};
  }
  if (number == ENOMEM) {
    return Problem{ProblemKind::out_of_space,
                   "it needs more memory than the service may use for one request (--memory); tell whoever runs the "
                   "service",
                   Json::object(),
                   {}};
  }
  if (number == EROFS) {
    return Problem{
        ProblemKind::unavailable,
        "the service's disk can be read only: questions are answered, datasets are neither added nor removed; "
        "tell whoever runs the service",
        Json::object(),
        {}};
  }
  return std::nullopt;
}

/// What the exception being handled is to a client. Work that is stopped was stopped by its leaving, unless the service
/// is the one that leaves. What it must not know goes to the log only.
Problem problem_of_exception(ExchangeNote& note, bool draining) {
  const auto hidden = [&note](const char* what, ProblemKind kind) {
    note.detail = what;
    return Problem{kind, "the service failed; its log has the reason under this request id", Json::object(), {}};
  };
  const auto of_storage = [&note](const char* what, int number) {
    auto problem = storage_problem(number);
    if (problem) note.detail = what;
    return problem;
  };
  try {
    throw;
  } catch (const ProblemError& error) {
    return error.problem();
  } catch (const Error& error) {
    if (auto problem = of_storage(error.what(), error.error_number())) return *std::move(problem);
    const ProblemKind kind = kind_of(error.code());
    if (kind == ProblemKind::client_left && draining)
      return {ProblemKind::unavailable, "the service is shutting down; ask again", Json::object(), 5U};
    if (kind == ProblemKind::internal || kind == ProblemKind::damaged) return hidden(error.what(), kind);
    return {kind, error.what(), Json::object(), kind == ProblemKind::unavailable ? std::optional(5U) : std::nullopt};
  } catch (const std::filesystem::filesystem_error& error) {
    if (auto problem = of_storage(error.what(), error.code().value())) return *std::move(problem);
    return hidden(error.what(), ProblemKind::internal);
  } catch (const std::bad_alloc& error) {
    return hidden(error.what(), ProblemKind::unavailable);
  } catch (const std::exception& error) {
    return hidden(error.what(), ProblemKind::internal);
  }
}

void add_timings(Response& response, const ExchangeNote& note) {
  if (note.timings.empty()) return;
  std::string text;
  for (const Timing& timing : note.timings) {
    text += fmt::format("{}{};dur={:.3f}", text.empty() ? "" : ", ", timing.name, timing.seconds * 1e3);
  }
  response.with("Server-Timing", std::move(text));
}

/// Where events of one part of the service go, each with its level.
std::function<void(std::string_view, const std::string&)> event_log(const ServiceOptions& options, const Clock& clock,
                                                                    const char* part) {
  if (!options.log) return {};
  return [log = options.log, &clock, part](std::string_view level, const std::string& text) {
    log(log_line(clock.now(), level, part, text));
  };
}

/// The same for a part that tells of nothing but what may need somebody's attention.
std::function<void(const std::string&)> warning_log(const ServiceOptions& options, const Clock& clock,
                                                    const char* part) {
  if (!options.log) return {};
  return [log = event_log(options, clock, part)](const std::string& text) { log("warning", text); };
}

Response finish(Response response, ExchangeNote note) {
  response.with("X-Request-Id", note.request_id);
  if (note.cache != CacheOutcome::none) {
    response.with("X-Cache", std::string(to_string(note.cache)));
    if (!note.tier.empty()) response.with("X-Cache-Tier", note.tier);
  }
  add_timings(response, note);
  response.with("X-Content-Type-Options", "nosniff");
  response.note = std::make_shared<const ExchangeNote>(std::move(note));
  return response;
}

}  // namespace

struct Service::Parts {
  Context context;
};

namespace {

std::shared_ptr<dataset::AnalysisCache> make_cache(const dataset::DatasetStore& store,
                                                   const std::shared_ptr<Observed>& cache,
                                                   const ServiceOptions& options, const Clock& clock) {
  if (!cache || cache->name() == "none") return nullptr;
  dataset::AnalysisCacheOptions cache_options;
  cache_options.secret = dataset::store_secret(store.root());
  cache_options.clock = &clock;
  cache_options.ttl = options.analysis_ttl;
  cache_options.log = warning_log(options, clock, "cache");
  return std::make_shared<dataset::AnalysisCache>(cache, std::move(cache_options));
}

dataset::AnalysesOptions analyses_options(const ServiceOptions& options, const Clock& clock, WorkQueue& work) {
  dataset::AnalysesOptions analyses;
  analyses.limits.threads = options.work_threads;
  analyses.limits.memory_bytes = options.work_memory_bytes;
  analyses.limits.spill_folder = options.spill_folder;
  analyses.artifact_bytes = options.artifact_bytes;
  analyses.log = warning_log(options, clock, "analysis");
  analyses.admit = [&work](const std::stop_token& stop) {
    return std::make_shared<WorkQueue::Place>(work.enter(stop));
  };
  return analyses;
}

}  // namespace

Context::Context(const dataset::DatasetStore& store_, const std::shared_ptr<Observed>& cache_,
                 const ServiceOptions& options_, const Clock& clock_)
    : store(store_),
      cache(cache_),
      options(options_),
      clock(clock_),
      // Of the store's secret a part of its own, so that neither key says anything about the other.
      signer(sha256_hex("addresses of artifacts\n" + dataset::store_secret(store_.root()))),
      store_watch(store_.root(),
                  event_log(options, clock_, "store")),  // its secret was made a line above, if it can be made
      limiter(options_.rate_per_s, options_.burst, clock_),
      work(options_.work_running, options_.work_waiting),
      analyses(store_, make_cache(store_, cache_, options_, clock_), analyses_options(options_, clock_, work)) {
  if (!options.key_file.empty()) keys.emplace(options.key_file, clock_, event_log(options, clock_, "keys"));
}

Service::Service(const dataset::DatasetStore& store, const std::shared_ptr<Observed>& cache,
                 const ServiceOptions& options, const Clock& clock)
    : parts_(new Parts{{store, cache, options, clock}}) {}
Service::~Service() = default;

void Service::drain() noexcept { parts_->context.draining = true; }

void Service::log_event(std::string_view level, std::string_view event, std::string_view detail) noexcept {
  if (!parts_->context.options.log) return;
  try {
    parts_->context.options.log(log_line(parts_->context.clock.now(), level, event, detail));
  } catch (const std::exception&) {
    // As of `finished`.
  }
}

Response Service::handle(const Request& request) noexcept {
  ExchangeNote note;
  note.request_id = request_id_of(request);
  note.remote_address = request.remote_address;
  parts_->context.metrics.began();
  Response response;
  Destination destination;
  try {
    destination = find_route(request.method, request.path);
    note.route = destination.route;
    const Call call{parts_->context, request, destination, note};
    authorize(call);
    response = answer(call);
  } catch (...) {
    const Problem problem = problem_of_exception(note, parts_->context.draining);
    note.problem = type_of(problem.kind);
    response = to_response(problem, request.path, note.request_id);
    if (!destination.allowed.empty()) response.with("Allow", destination.allowed);
    if (problem.kind == ProblemKind::range_not_satisfiable)
      response.with("Content-Range", "bytes */" + problem.members.at("bytes").dump());
    if (problem.kind == ProblemKind::unauthorized) response.with("WWW-Authenticate", "Bearer realm=\"neve\"");
  }
  parts_->context.metrics.handled();
  return finish(std::move(response), std::move(note));
}

Response Service::refuse(int status, const std::string& detail, const std::string& remote_address) noexcept {
  ExchangeNote note;
  note.request_id = fresh_request_id();
  note.remote_address = remote_address;
  note.detail = detail;
  // The status is the server's to choose; among our kinds is none for each.
  const ProblemKind kind = status == 408   ? ProblemKind::request_timeout
                           : status == 503 ? ProblemKind::unavailable
                                           : ProblemKind::bad_request;
  note.problem = type_of(kind);
  Response response = to_response({kind, detail, Json::object(), {}, status}, "", note.request_id);
  return finish(std::move(response), std::move(note));
}

void Service::finished(const Request* request, const Response& response, const Exchange& exchange) noexcept {
  const auto& note = *static_cast<const ExchangeNote*>(response.note.get());
  parts_->context.metrics.finished(note, response.status, exchange);
  if (!parts_->context.options.log) return;
  try {
    parts_->context.options.log(log_line(parts_->context.clock.now(), request, response, exchange, note));
  } catch (const std::exception&) {
    // Without memory for a line of the log the answer is still worth more.
  }
}

}  // namespace neve::service
