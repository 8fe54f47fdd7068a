#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>
#include <fcntl.h>
#include <sys/stat.h>

#include <neve/base/clock.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/file_stamp.hpp>
#include <neve/dataset/analysis/analysis_key.hpp>
#include <neve/dataset/analysis/artifacts.hpp>

#include "dataset/dataset_folder.hpp"
#include "dataset/file_sha256.hpp"
#include "dataset/json_member.hpp"
#include "dataset/staging_folder.hpp"

namespace neve::dataset {
namespace {

constexpr std::uint64_t kLargestManifest = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargestDocument = std::uint64_t{1} << 30;
constexpr std::chrono::seconds kUseStep{60};  // uses that lie closer together are one
constexpr const char* kManifest = "manifest.json";
constexpr const char* kStem = "concentration.";

Json manifest_of(const std::vector<ArtifactFile>& files) {
  Json list = Json::array();
  for (const ArtifactFile& file : files) {
    list.push_back({{"format", file.format}, {"sha256", file.sha256}, {"bytes", file.bytes}});
  }
  return {{"analysis_version", kAnalysisVersion}, {"files", list}};
}

/// The files a manifest tells of, with paths that only depend on their format. Throws `corrupt`.
std::vector<ArtifactFile> files_of(const Json& manifest, const std::string& folder) {
  const MemberReader members(manifest, kManifest);
  std::vector<ArtifactFile> files;
  if (members.count("analysis_version") != kAnalysisVersion) return files;
  for (const Json& item : members.list("files")) {
    const MemberReader file(item, kManifest);
    const std::string format = file.text("format");
    if (format != "json" && format != "csv" && format != "xlsx") {
      throw Error(ErrorCode::corrupt, std::string(kManifest) + ": unknown format");
    }
    files.push_back({format, folder + "/" + kStem + format, file.text("sha256"), file.count("bytes")});
  }
  return files;
}

/// In a store that cannot be written to nothing is noted, and nothing removed either.
void note_use(const std::filesystem::path& manifest, std::chrono::nanoseconds last_use) {
  if (std::chrono::system_clock::now().time_since_epoch() - last_use < kUseStep) return;
  ::utimensat(AT_FDCWD, manifest.c_str(), nullptr, 0);
}

/// A file and what it was when it was looked at.
struct SeenFile {
  std::filesystem::path path;
  FileStamp stamp;
};

/// Nothing if one of them is not there.
std::optional<std::vector<SeenFile>> look_at(std::vector<std::filesystem::path> paths) {
  std::vector<SeenFile> seen;
  for (std::filesystem::path& path : paths) {
    const auto stamp = file_stamp(path);
    if (!stamp) return std::nullopt;
    seen.push_back({std::move(path), *stamp});
  }
  return seen;
}

/// A folder's files as they were found to be what its manifest says.
struct Found {
  std::vector<ArtifactFile> files;
  std::vector<SeenFile> seen;  ///< the manifest is the first

  /// Whether each is still what it was. Notes the use.
  [[nodiscard]] bool unchanged() const {
    std::chrono::nanoseconds last_use{};
    for (const SeenFile& file : seen) {
      const auto stamp = file_stamp(file.path);
      if (stamp != file.stamp) return false;
      if (&file == &seen.front()) last_use = stamp->modified;
    }
    note_use(seen.front().path, last_use);
    return true;
  }
};

}  // namespace

/// Shared by the threads that put one question.
struct ArtifactFolder::Memory {
  std::mutex mutex;
  std::shared_ptr<const Found> found;
};

ArtifactFolder::ArtifactFolder(const DatasetStore& store, std::filesystem::path analyses, std::string hash,
                               std::uint64_t generation)
    : store_(&store),
      path_(std::move(analyses) / std::move(hash) / ("g" + std::to_string(generation))),
      memory_(std::make_shared<Memory>()) {}

/// The files of the manifest, none if there is no such folder; notes their use. Throws `corrupt` and `io`.
std::vector<ArtifactFile> ArtifactFolder::listed() const {
  const std::filesystem::path manifest = path_ / kManifest;
  const auto text = read_file(manifest, kLargestManifest);
  const auto stamp = file_stamp(manifest);
  if (!text || !stamp) return {};
  note_use(manifest, stamp->modified);
  return files_of(parse_json(text->text()), path_.lexically_relative(store_->root()).generic_string());
}

bool ArtifactFolder::is_intact(const ArtifactFile& file) const {
  const std::filesystem::path path = store_->root() / file.path;
  std::error_code none;
  return std::filesystem::file_size(path, none) == file.bytes && !none && store_->is_intact_artifact(path, file.sha256);
}

bool ArtifactFolder::holds(const std::vector<ArtifactFile>& files) const {
  std::shared_ptr<const Found> known;
  {
    const std::lock_guard lock(memory_->mutex);
    known = memory_->found;
  }
  if (known && known->files == files && known->unchanged()) return true;
  // Looked at before they are read: what is written meanwhile leaves another stamp.
  const std::chrono::nanoseconds began = store_->clock().now().time_since_epoch();
  std::vector<std::filesystem::path> paths{path_ / kManifest};
  for (const ArtifactFile& file : files) paths.push_back(store_->root() / file.path);
  auto seen = look_at(std::move(paths));
  if (!seen || !lists(files)) return false;
  const bool settled =
      std::all_of(seen->begin(), seen->end(), [&](const SeenFile& file) { return file.stamp.settled_before(began); });
  auto found = settled ? std::make_shared<const Found>(Found{files, *std::move(seen)}) : nullptr;
  const std::lock_guard lock(memory_->mutex);
  memory_->found = std::move(found);
  return true;
}

/// Whether the manifest tells of these files and they are as it says.
bool ArtifactFolder::lists(const std::vector<ArtifactFile>& files) const {
  try {
    return listed() == files &&
           std::all_of(files.begin(), files.end(), [this](const auto& file) { return is_intact(file); });
  } catch (const Error&) {  // as of `find`
    return false;
  }
}

std::optional<StoredArtifacts> ArtifactFolder::find() const {
  try {
    StoredArtifacts found;
    found.files = listed();
    if (found.files.size() != 3 || found.files.front().format != "json") return std::nullopt;
    const auto document = read_file(store_->root() / found.files.front().path, kLargestDocument);
    if (!document || sha256_hex(document->span()) != found.files.front().sha256) return std::nullopt;
    if (!is_intact(found.files[1]) || !is_intact(found.files[2])) return std::nullopt;
    found.document = *document;
    return found;
  } catch (const Error&) {  // damaged: what it should hold can be computed again
    return std::nullopt;
  }
}

StoredArtifacts ArtifactFolder::write(const AnalysisDocument& document) const {
  if (auto found = find()) return std::move(*found);
  StagingFolder staging(StoreLayout{store_->root()}.staging());
  StoredArtifacts made;
  made.document = Bytes::from(to_json_text(document));
  const auto put = [&](const char* format, ByteSpan bytes) {
    replace_file(staging.path() / (std::string(kStem) + format), bytes, Durability::none);
  };
  put("json", made.document.span());
  put("csv", as_byte_span(to_csv_text(document)));
  write_xlsx(document, staging.path() / (std::string(kStem) + "xlsx"));
  const std::string folder = path_.lexically_relative(store_->root()).generic_string();
  for (const char* format : {"json", "csv", "xlsx"}) {
    const std::filesystem::path file = staging.path() / (std::string(kStem) + format);
    made.files.push_back({format, folder + "/" + kStem + format, file_sha256(file), std::filesystem::file_size(file)});
  }
  const std::string manifest = dump_spaced_json(manifest_of(made.files)) + "\n";
  replace_file(staging.path() / kManifest, as_byte_span(manifest), Durability::none);
  staging.publish_as(path_);  // syncs everything first
  return made;
}

}  // namespace neve::dataset
