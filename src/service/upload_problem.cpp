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

Problem upload_problem(const Error& error, const Upload& upload) {
  const ProblemKind kind = kind_of_upload(error, upload.file.beginning(kOle.size()));
  if (kind == ProblemKind::internal) throw error;
  std::string detail = error.what();
  const std::string path = upload.file.path().string();
  for (std::size_t at = detail.find(path); at != std::string::npos;
       at = detail.find(path, at + upload.filename.size())) {
    detail.replace(at, path.size(), upload.filename);
  }
  return {kind, std::move(detail), Json::object(), {}};
}

}  // namespace neve::service
