#include "service/exchange/problem.hpp"

#include <set>
#include <gtest/gtest.h>

#include <neve/dataset/refused_file.hpp>

#include "service/upload/upload_problem.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

TEST(Problem, IsADocumentOfItsType) {
  Problem problem{ProblemKind::unknown_column, "no column 'x'", Json{{"columns", {"a", "b"}}}, 3};
  const Response response = to_response(problem, "/p", "r1");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.headers.at(0).value, "application/problem+json");
  const Json json = parse_json(std::get<Bytes>(response.body).text());
  EXPECT_EQ(json["type"], "urn:neve:problem:unknown-column");
  EXPECT_EQ(json["title"], "The dataset has no such column");
  EXPECT_EQ(json["status"], 422);
  EXPECT_EQ(json["detail"], "no column 'x'");
  EXPECT_EQ(json["instance"], "/p");
  EXPECT_EQ(json["request_id"], "r1");
  EXPECT_EQ(json["columns"], (Json{"a", "b"}));
}

TEST(Problem, RepeatsNoBytesThatAreNoText) {
  EXPECT_NO_THROW((void)parse_json(
      std::get<Bytes>(to_response({ProblemKind::not_found, "\xff", Json::object(), {}}, "/\xfe", "r").body).text()));
}

TEST(Problem, EachKindHasItsOwnType) {
  std::set<std::string> types;
  for (int kind = 0; kind <= static_cast<int>(ProblemKind::timeout); ++kind) {
    types.insert(type_of(static_cast<ProblemKind>(kind)));
  }
  EXPECT_EQ(types.size(), static_cast<std::size_t>(ProblemKind::timeout) + 1);
}

TEST(Problem, AFileThatCannotBeAddedSaysWhy) {
  const TemporaryFolder folder;
  const Upload upload{ReceivedFile(folder.path()), "orders.xlsx", {}};
  const auto problem = [&](const Error& error) { return upload_problem(error, upload); };
  const auto kind = [&](ErrorCode code) { return problem(Error(code, "it is wrong")).kind; };
  EXPECT_EQ(problem(Error(ErrorCode::corrupt, "'" + upload.file.path().string() + "' is wrong")).detail,
            "'orders.xlsx' is wrong");
  EXPECT_EQ(problem(dataset::EncryptedWorkbook("it is locked")).kind, ProblemKind::encrypted_workbook);
  EXPECT_EQ(problem(dataset::ArchiveBomb("it is huge")).kind, ProblemKind::zip_bomb);
  EXPECT_EQ(kind(ErrorCode::unsupported), ProblemKind::unsupported_content);
  EXPECT_EQ(kind(ErrorCode::corrupt), ProblemKind::truncated_upload);
  EXPECT_EQ(kind(ErrorCode::too_large), ProblemKind::too_large);
  EXPECT_EQ(kind(ErrorCode::invalid_argument), ProblemKind::not_a_table);
  EXPECT_THROW((void)kind(ErrorCode::io), Error);
}

}  // namespace
}  // namespace neve::service
