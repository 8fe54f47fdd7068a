#include "service/upload/upload_problem.hpp"

#include <neve/dataset/refused_file.hpp>

namespace neve::service {
namespace {

ProblemKind kind_of_upload(const Error& error) {
  if (dynamic_cast<const dataset::WrongOption*>(&error) != nullptr) return ProblemKind::invalid_parameter;
  if (dynamic_cast<const dataset::EncryptedWorkbook*>(&error) != nullptr) return ProblemKind::encrypted_workbook;
  if (dynamic_cast<const dataset::ArchiveBomb*>(&error) != nullptr) return ProblemKind::zip_bomb;
  switch (error.code()) {
    case ErrorCode::unsupported:
      return ProblemKind::unsupported_content;
    case ErrorCode::corrupt:
      return ProblemKind::truncated_upload;
    case ErrorCode::too_large:
      return ProblemKind::too_large;
    case ErrorCode::invalid_argument:
      return ProblemKind::not_a_table;
    default:
      return kind_of(error.code());
  }
}

}  // namespace

Problem upload_problem(const Error& error, const Upload& upload) {
  const ProblemKind kind = kind_of_upload(error);
  if (kind == ProblemKind::internal || error.error_number() != 0) throw error;
  std::string detail = error.what();
  const std::string path = upload.file.path().string();
  for (std::size_t at = detail.find(path); at != std::string::npos;
       at = detail.find(path, at + upload.filename.size())) {
    detail.replace(at, path.size(), upload.filename);
  }
  Json members = Json::object();
  if (const auto* option = dynamic_cast<const dataset::WrongOption*>(&error)) members["parameter"] = option->option();
  return {kind, std::move(detail), std::move(members), {}};
}

}  // namespace neve::service
