#include <neve/service/service.hpp>

#include <cerrno>
#include <filesystem>
#include <new>
#include <fmt/format.h>

#include "service/access_log.hpp"
#include "service/context.hpp"
#include "service/problem.hpp"
#include "service/request_id.hpp"

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
    case Route::page:
    case Route::concentration:
    case Route::artifact:
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

/// What the exception being handled is to a client. What it must not know goes to the log only.
Problem problem_of_exception(ExchangeNote& note) {
  const auto hidden = [&note](const char* what, ProblemKind kind) {
    note.detail = what;
    return Problem{kind, "the service failed; its log has the reason under this request id", Json::object(), {}};
  };
  try {
    throw;
  } catch (const ProblemError& error) {
    return error.problem();
  } catch (const Error& error) {
    const ProblemKind kind = kind_of(error.code());
    if (kind == ProblemKind::internal || kind == ProblemKind::damaged) return hidden(error.what(), kind);
    return {kind, error.what(), Json::object(), kind == ProblemKind::unavailable ? std::optional(5U) : std::nullopt};
  } catch (const std::filesystem::filesystem_error& error) {
    return hidden(error.what(),
                  error.code() == std::errc::no_space_on_device ? ProblemKind::out_of_space : ProblemKind::internal);
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

Service::Service(const dataset::DatasetStore& store, const std::shared_ptr<Observed>& cache,
                 const ServiceOptions& options, const Clock& clock)
    : parts_(new Parts{
          {store,
           cache,
           options,
           clock,
           options.key_file.empty() ? std::nullopt : std::optional<ApiKeys>(std::in_place, options.key_file, clock),
           options.signing_file.empty() ? std::nullopt : std::optional(UrlSigner::from_file(options.signing_file)),
           RateLimiter(options.rate_per_s, options.burst, clock),
           WorkQueue(options.work_running, options.work_waiting),
           {}}}) {}
Service::~Service() = default;

void Service::drain() noexcept { parts_->context.draining = true; }

Response Service::handle(const Request& request) noexcept {
  ExchangeNote note;
  note.request_id = request_id_of(request);
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
    const Problem problem = problem_of_exception(note);
    note.problem = type_of(problem.kind);
    response = to_response(problem, request.path, note.request_id);
    if (!destination.allowed.empty()) response.with("Allow", destination.allowed);
    if (problem.kind == ProblemKind::unauthorized) response.with("WWW-Authenticate", "Bearer realm=\"neve\"");
  }
  parts_->context.metrics.handled();
  return finish(std::move(response), std::move(note));
}

Response Service::refuse(int status, const std::string& detail, const std::string& /*remote_address*/) noexcept {
  ExchangeNote note;
  note.request_id = fresh_request_id();
  // The status is the server's to choose; among our kinds is none for each.
  const ProblemKind kind = status == 408   ? ProblemKind::request_timeout
                           : status == 503 ? ProblemKind::unavailable
                                           : ProblemKind::bad_request;
  note.problem = type_of(kind);
  Response response = to_response({kind, detail, Json::object(), {}}, "", note.request_id);
  response.status = status;
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
