#include <filesystem>
#include <utility>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/npy.hpp>
#include <neve/pipeline/recorder.hpp>

#include "pipeline/artifact/gnuplot.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

ArtifactReference write(const fs::path& root, const std::string& file, std::span<const Bytes> pieces) {
  const fs::path path = root / file;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) throw io_error("cannot make the folder '" + path.parent_path().string() + "'", error.value());
  replace_file(path, pieces, Durability::none);
  ArtifactReference reference{.file = file};
  Sha256 digest;
  for (const Bytes& piece : pieces) {
    digest.update(piece.span());
    reference.bytes += piece.size();
  }
  reference.sha256 = digest.finish_hex();
  return reference;
}

ArtifactReference write(const fs::path& root, const std::string& file, const Bytes& bytes) {
  return write(root, file, std::span(&bytes, 1));
}

ArtifactReference write_array(const fs::path& root, const std::string& file, const Array& array) {
  return write(root, file, gather_npy(array));  // in pieces: a recorded array may fill half the memory
}

ArtifactReference write_document(const fs::path& root, const std::string& file, const Json& document) {
  return write(root, file, Bytes::from(dump_spaced_json(document) + "\n"));
}

}  // namespace

FolderRecorder::FolderRecorder(std::filesystem::path folder, FolderRecorderOptions options)
    : folder_(std::move(folder)), options_(std::move(options)) {}

ArtifactReference FolderRecorder::record(const ArtifactAddress& address, const Artifact& artifact) {
  const std::string file = address.folder + "/" + address.node + "/" + artifact.name;
  switch (artifact.kind) {
    case ArtifactKind::array:
      return write_array(folder_, file + ".npy", artifact.array());
    case ArtifactKind::json:
      return write_document(folder_, file + ".json", artifact.json());
    case ArtifactKind::image:
      return write(folder_, file + ".png", artifact.image());
    case ArtifactKind::plot:
      break;
  }
  if (const std::optional<Bytes> picture = draw(artifact)) return write(folder_, file + ".png", *picture);
  for (const auto& [part, array] : artifact.arrays) write_array(folder_, file + "." + part + ".npy", array);
  return write_document(folder_, file + ".json", artifact.document);
}

std::optional<Bytes> FolderRecorder::draw(const Artifact& artifact) {
  {
    const std::lock_guard lock(mutex_);
    if (hangs_) return std::nullopt;
  }
  try {
    return draw_png(artifact.plot(), options_.gnuplot, options_.temporary_folder, options_.draw_limit);
  } catch (const Error& error) {
    const std::lock_guard lock(mutex_);
    hangs_ = hangs_ || error.code() == ErrorCode::timeout;
    warning_ = std::string("plots are written as data, not as pictures: ") + error.what();
    return std::nullopt;
  }
}

std::string FolderRecorder::warning() const {
  const std::lock_guard lock(mutex_);
  return warning_;
}

}  // namespace neve
