#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>
#include <neve/service/response.hpp>

namespace neve::service {

/// What can go wrong with a request. Clients may rely on each one's type and status: docs/guide/service.md lists them.
enum class ProblemKind {
  bad_request,             ///< 400
  unauthorized,            ///< 401
  forbidden,               ///< 403: a signed address that is not ours, or no longer valid; a page from elsewhere
  not_found,               ///< 404: no such path
  unknown_dataset,         ///< 404
  unknown_artifact,        ///< 404
  method_not_allowed,      ///< 405
  request_timeout,         ///< 408
  precondition_failed,     ///< 412
  too_large,               ///< 413
  unsupported_media_type,  ///< 415
  range_not_satisfiable,   ///< 416
  unknown_column,          ///< 422
  not_numeric,             ///< 422
  no_time_column,          ///< 422
  invalid_threshold,       ///< 422
  invalid_parameter,       ///< 422
  non_positive_total,      ///< 422
  not_a_table,             ///< 422
  encrypted_workbook,      ///< 422
  zip_bomb,                ///< 422
  truncated_upload,        ///< 422
  unsupported_content,     ///< 422
  damaged,                 ///< 500: what is stored contradicts itself
  too_many_requests,       ///< 429: a client's rate
  busy,                    ///< 429: the queue for long work is full
  client_left,             ///< 499: nobody reads it; for the log
  internal,                ///< 500
  not_built,               ///< 501
  unavailable,             ///< 503
  out_of_space,            ///< 507
  timeout,                 ///< 504
};

/// A problem document (RFC 9457) before it is written. A plain value.
struct Problem {
  ProblemKind kind = ProblemKind::internal;
  std::string detail;
  Json members = Json::object();  ///< further members, such as the columns there are
  std::optional<unsigned> retry_after_s;
  int status = 0;  ///< 0: the kind's
};

[[nodiscard]] int status_of(ProblemKind kind) noexcept;
/// "urn:neve:problem:unknown-column".
[[nodiscard]] std::string type_of(ProblemKind kind);
[[nodiscard]] std::string_view title_of(ProblemKind kind) noexcept;

/// The one place where error codes become statuses.
[[nodiscard]] ProblemKind kind_of(ErrorCode code) noexcept;

/// The document as application/problem+json; `instance` is the path asked for.
[[nodiscard]] Response to_response(const Problem& problem, std::string_view instance, std::string_view request_id);

/// Thrown by handlers, caught where they are called.
class ProblemError : public std::exception {
 public:
  explicit ProblemError(Problem problem) : problem_(std::move(problem)) {}
  ProblemError(ProblemKind kind, std::string detail) : problem_{kind, std::move(detail), Json::object(), {}} {}

  [[nodiscard]] const char* what() const noexcept override { return problem_.detail.c_str(); }
  [[nodiscard]] const Problem& problem() const noexcept { return problem_; }

 private:
  Problem problem_;
};

}  // namespace neve::service
