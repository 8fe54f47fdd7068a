#include "service/upload_problem.hpp"

namespace neve::service {
namespace {

constexpr std::string_view kOle("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
constexpr std::string_view kZip("PK\x03\x04");
constexpr std::string_view kGzip("\x1f\x8b");

ProblemKind kind_of_upload(const Error& error, std::string_view beginning) {
  switch (error.code()) {
    case ErrorCode::unsupported:
      return beginning.starts_with(kOle) ? ProblemKind::encrypted_workbook : ProblemKind::unsupported_content;
    case ErrorCode::corrupt:
      return ProblemKind::truncated_upload;
    case ErrorCode::too_large:
      return beginning.starts_with(kZip) || beginning.starts_with(kGzip) ? ProblemKind::zip_bomb
                                                                         : ProblemKind::too_large;
    case ErrorCode::invalid_argument:
      return ProblemKind::not_a_table;
    default:
      return kind_of(error.code());
  }
}

}  // namespace

Problem upload_problem(const Error& error, std::string_view beginning) {
  const ProblemKind kind = kind_of_upload(error, beginning);
  if (kind == ProblemKind::internal) throw error;  // what failed is ours, and for the log
  return {kind, error.what(), Json::object(), {}};
}

}  // namespace neve::service
