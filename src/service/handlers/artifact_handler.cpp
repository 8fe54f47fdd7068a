#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include <neve/base/digest.hpp>
#include <neve/dataset/analysis/artifacts.hpp>

#include "service/exchange/problem.hpp"
#include "service/handlers/context.hpp"
#include "service/http/header_value.hpp"
#include "service/http/range.hpp"

namespace neve::service {
namespace {

struct AnalysisName {
  std::string hash;
  std::uint64_t generation = 0;
};

[[noreturn]] void unknown(const std::string& what) { throw ProblemError(ProblemKind::unknown_artifact, what); }

/// "{64 hexadecimal digits}-g{number}", as neve writes it, so that a result has one address: nothing else becomes part
/// of a path.
AnalysisName read_name(const std::string& text) {
  constexpr std::size_t kHash = 64;
  const bool begins = text.size() > kHash + 2 && is_sha256_hex(std::string_view(text).substr(0, kHash)) &&
                      text.compare(kHash, 2, "-g") == 0 && text[kHash + 2] != '0';
  const auto generation = begins ? parse_digits(std::string_view(text).substr(kHash + 2)) : std::nullopt;
  if (generation) return {text.substr(0, kHash), *generation};
  unknown("'" + text + "' names no analysis; take the address from an answer's 'artifacts'");
}

std::string_view media_type(std::string_view format) {
  if (format == "json") return "application/json";
  if (format == "csv") return "text/csv; charset=utf-8";
  return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

std::shared_ptr<const FileDescriptor> open_artifact(const std::filesystem::path& path, std::uint64_t bytes) {
  auto file = std::make_shared<FileDescriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat facts {};
  if (!file->valid() || ::fstat(file->get(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
      static_cast<std::uint64_t>(facts.st_size) != bytes) {
    unknown("the artifact is not there any more; repeat the analysis");
  }
  return file;
}

}  // namespace

Response send_artifact(const Call& call) {
  (void)known_parameters(call.request, {"expires", "signature"});
  const auto& captures = call.destination.captures;
  const auto record = find_dataset(call, captures.at(0));
  const AnalysisName name = read_name(captures.at(1));
  const dataset::ArtifactFolder folder(call.context.store, record.analyses, name.hash, name.generation);
  const auto stored = folder.find();
  if (!stored) unknown("the dataset has no such analysis any more; repeat it");
  const auto& files = stored->files;
  const auto file = std::find_if(files.begin(), files.end(), [&](const dataset::ArtifactFile& candidate) {
    return std::filesystem::path(candidate.path).filename() == captures.at(2);
  });
  if (file == files.end()) unknown("an analysis has no artifact '" + captures.at(2) + "'");

  const std::string etag = "\"" + file->sha256 + "\"";
  const FileAnswer judged = judge_file_request(call.request, file->bytes, etag);
  if (judged.status == 412) throw ProblemError(ProblemKind::precondition_failed, "the artifact's tag is " + etag);
  if (judged.status == 416) {
    throw ProblemError(Problem{ProblemKind::range_not_satisfiable,
                               "the artifact has " + std::to_string(file->bytes) + " bytes",
                               Json{{"bytes", file->bytes}},
                               {}});
  }
  Response response;
  response.status = judged.status;
  response.with("ETag", etag)
      .with("Accept-Ranges", "bytes")
      .with("Cache-Control", "private, max-age=0, must-revalidate");
  if (judged.status == 304) return response;
  response.with("Content-Type", std::string(media_type(file->format)));
  response.with("Content-Disposition", "attachment; filename=\"" + record.id + "-" + captures.at(2) + "\"");
  if (judged.status == 206) {
    response.with("Content-Range", "bytes " + std::to_string(judged.range.first) + "-" +
                                       std::to_string(judged.range.first + judged.range.length - 1) + "/" +
                                       std::to_string(file->bytes));
  }
  response.body = FileBody{open_artifact(call.context.analyses.locate(*file), file->bytes), judged.range.first,
                           judged.range.length};
  return response;
}

}  // namespace neve::service
