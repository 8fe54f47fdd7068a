#include "service/exchange/problem.hpp"

#include <array>

namespace neve::service {
namespace {

struct Facts {
  ProblemKind kind;
  int status;
  std::string_view name;
  std::string_view title;
};

constexpr auto kFacts = std::to_array<Facts>({
    {ProblemKind::bad_request, 400, "bad-request", "The request cannot be understood"},
    {ProblemKind::unauthorized, 401, "unauthorized", "An API key is needed"},
    {ProblemKind::forbidden, 403, "forbidden", "The request is not allowed"},
    {ProblemKind::not_found, 404, "not-found", "There is nothing at this path"},
    {ProblemKind::unknown_dataset, 404, "unknown-dataset", "There is no such dataset"},
    {ProblemKind::unknown_artifact, 404, "unknown-artifact", "There is no such artifact"},
    {ProblemKind::method_not_allowed, 405, "method-not-allowed", "The path does not take this method"},
    {ProblemKind::request_timeout, 408, "request-timeout", "The request did not come in time"},
    {ProblemKind::precondition_failed, 412, "precondition-failed", "The artifact is another than expected"},
    {ProblemKind::too_large, 413, "too-large", "The request, or what it needs, is larger than allowed"},
    {ProblemKind::unsupported_media_type, 415, "unsupported-media-type", "The body is of a type not read here"},
    {ProblemKind::range_not_satisfiable, 416, "range-not-satisfiable", "The range lies beyond the artifact"},
    {ProblemKind::unknown_column, 422, "unknown-column", "The dataset has no such column"},
    {ProblemKind::not_numeric, 422, "not-numeric", "The value column is not numeric"},
    {ProblemKind::no_time_column, 422, "no-time-column", "The dataset has no time for this grain"},
    {ProblemKind::invalid_threshold, 422, "invalid-threshold", "A threshold is out of range"},
    {ProblemKind::invalid_parameter, 422, "invalid-parameter", "A parameter is not valid"},
    {ProblemKind::non_positive_total, 422, "non-positive-total", "The total is not positive"},
    {ProblemKind::not_a_table, 422, "not-a-table", "The file is not a table"},
    {ProblemKind::encrypted_workbook, 422, "encrypted-workbook", "The workbook is encrypted"},
    {ProblemKind::zip_bomb, 422, "zip-bomb", "The file unpacks to far more than it should"},
    {ProblemKind::truncated_upload, 422, "truncated-upload", "The file ends too early"},
    {ProblemKind::unsupported_content, 422, "unsupported-content", "The file holds what is not read here"},
    {ProblemKind::damaged, 500, "damaged", "Stored data are damaged"},
    {ProblemKind::too_many_requests, 429, "too-many-requests", "Requests come too fast"},
    {ProblemKind::busy, 429, "busy", "Too much work is waiting"},
    {ProblemKind::client_left, 499, "client-left", "The client left before the answer"},
    {ProblemKind::internal, 500, "internal", "The service failed"},
    {ProblemKind::not_built, 501, "not-built", "This build of neve cannot do that"},
    {ProblemKind::unavailable, 503, "unavailable", "The service is not available now"},
    {ProblemKind::out_of_space, 507, "out-of-space", "The service has no room for it"},
    {ProblemKind::timeout, 504, "timeout", "The work took too long"},
});

const Facts& facts_of(ProblemKind kind) noexcept {
  for (const Facts& facts : kFacts) {
    if (facts.kind == kind) return facts;
  }
  return kFacts.front();
}

}  // namespace

int status_of(ProblemKind kind) noexcept { return facts_of(kind).status; }
std::string type_of(ProblemKind kind) { return "urn:neve:problem:" + std::string(facts_of(kind).name); }
std::string_view title_of(ProblemKind kind) noexcept { return facts_of(kind).title; }

ProblemKind kind_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return ProblemKind::bad_request;
    case ErrorCode::corrupt:
      return ProblemKind::damaged;
    case ErrorCode::unsupported:
      return ProblemKind::unsupported_content;
    case ErrorCode::too_large:
      return ProblemKind::too_large;
    case ErrorCode::unavailable:
      return ProblemKind::unavailable;
    case ErrorCode::timeout:
      return ProblemKind::timeout;
    case ErrorCode::cancelled:
      return ProblemKind::client_left;
    case ErrorCode::io:
    case ErrorCode::stage_failed:
    case ErrorCode::internal:
      return ProblemKind::internal;
  }
  return ProblemKind::internal;
}

Response to_response(const Problem& problem, std::string_view instance, std::string_view request_id) {
  Json document = problem.members;
  document["type"] = type_of(problem.kind);
  document["title"] = title_of(problem.kind);
  const int status = problem.status != 0 ? problem.status : status_of(problem.kind);
  document["status"] = status;
  document["detail"] = problem.detail;
  document["instance"] = instance;
  document["request_id"] = request_id;
  Response response;
  response.status = status;
  response.with("Content-Type", "application/problem+json").with("Cache-Control", "no-store");
  if (problem.retry_after_s) response.with("Retry-After", std::to_string(*problem.retry_after_s));
  // What a client sent may be repeated here and may be no UTF-8: it is replaced, not refused.
  response.body = Bytes::from(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  return response;
}

}  // namespace neve::service
