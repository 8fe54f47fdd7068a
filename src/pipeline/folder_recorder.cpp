#include <filesystem>
#include <utility>
#include <vector>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/npy.hpp>
#include <neve/pipeline/recorder.hpp>

#include "pipeline/gnuplot.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

ArtifactReference write(const fs::path& root, const std::string& file, ByteSpan bytes) {
  const fs::path path = root / file;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) throw io_error("cannot make the folder '" + path.parent_path().string() + "'", error.value());
  replace_file(path, bytes, Durability::none);
  return {.file = file, .sha256 = sha256_hex(bytes), .bytes = bytes.size()};
}

ArtifactReference write_array(const fs::path& root, const std::string& file, const Array& array) {
  std::string whole;
  for (const Bytes& piece : gather_npy(array)) whole += piece.text();
  return write(root, file, as_byte_span(whole));
}

ArtifactReference write_document(const fs::path& root, const std::string& file, const Json& document) {
  return write(root, file, as_byte_span(dump_spaced_json(document) + "\n"));
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
    case ArtifactKind::plot:
      break;
  }
  if (const std::optional<Bytes> picture = draw(artifact)) return write(folder_, file + ".png", picture->span());
  for (const auto& [part, array] : artifact.arrays) write_array(folder_, file + "." + part + ".npy", array);
  return write_document(folder_, file + ".json", artifact.document);
}

std::optional<Bytes> FolderRecorder::draw(const Artifact& artifact) {
  try {
    return draw_png(artifact.plot(), options_.gnuplot);
  } catch (const Error& error) {
    const std::lock_guard lock(mutex_);
    warning_ = std::string("plots are written as data, not as pictures: ") + error.what();
    return std::nullopt;
  }
}

std::string FolderRecorder::warning() const {
  const std::lock_guard lock(mutex_);
  return warning_;
}

}  // namespace neve
