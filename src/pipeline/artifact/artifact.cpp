#include <neve/pipeline/artifact.hpp>

#include <neve/base/error.hpp>

#include "pipeline/artifact/artifact_preview.hpp"
#include "pipeline/artifact/png_size.hpp"

namespace neve {
namespace {

constexpr std::uint64_t kLargestImage = std::uint64_t{64} << 20;

bool fits_a_file_name(const std::string& name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !name.empty() && name.size() <= 100 && name.find_first_not_of(kAllowed) == std::string::npos;
}

Artifact start(std::string name, ArtifactKind kind) {
  if (!fits_a_file_name(name)) {
    throw Error(
        ErrorCode::invalid_argument,
        "artifact '" + name + "': a name has 1 to 100 letters, digits, '_' and '-', because it becomes a file name");
  }
  Artifact artifact;
  artifact.name = std::move(name);
  artifact.kind = kind;
  return artifact;
}

void require_kind(const Artifact& artifact, ArtifactKind wanted) {
  if (artifact.kind == wanted) return;
  throw Error(ErrorCode::invalid_argument, "artifact '" + artifact.name + "' is of kind " +
                                               std::string(to_string(artifact.kind)) + ", not " +
                                               std::string(to_string(wanted)));
}

void require_whole(const Artifact& artifact) {
  if (!artifact.partial) return;
  throw Error(ErrorCode::unsupported,
              "artifact '" + artifact.name + "': only a preview was kept; run again with recording to get it whole");
}

}  // namespace

std::string_view to_string(ArtifactKind kind) noexcept {
  switch (kind) {
    case ArtifactKind::plot:
      return "plot";
    case ArtifactKind::array:
      return "array";
    case ArtifactKind::json:
      return "json";
    case ArtifactKind::image:
      return "image";
  }
  return "json";
}

Artifact make_artifact(std::string name, Plot plot) {
  Artifact artifact = start(std::move(name), ArtifactKind::plot);
  try {
    const Plot reduced = decimate(std::move(plot));
    EncodedPlot encoded = encode_plot(reduced);
    artifact.document = std::move(encoded.description);
    artifact.arrays = std::move(encoded.arrays);
    artifact.preview = preview_of(reduced);
  } catch (const Error& error) {
    throw Error(error.code(), "artifact '" + artifact.name + "': " + error.what());
  }
  return artifact;
}

Artifact make_artifact(std::string name, Array array) {
  Artifact artifact = start(std::move(name), ArtifactKind::array);
  artifact.preview = preview_of(array);
  artifact.arrays.insert_or_assign("data", std::move(array));
  return artifact;
}

Artifact make_artifact(std::string name, Json document) {
  Artifact artifact = start(std::move(name), ArtifactKind::json);
  try {
    artifact.preview = preview_of(document);
  } catch (const Error& error) {
    throw Error(error.code(), "artifact '" + artifact.name + "': " + error.what());
  }
  artifact.document = std::move(document);
  return artifact;
}

Artifact make_image_artifact(std::string name, Bytes png) {
  Artifact artifact = start(std::move(name), ArtifactKind::image);
  if (png.size() > kLargestImage) {
    throw Error(ErrorCode::too_large, "artifact '" + artifact.name + "': a picture of " + std::to_string(png.size()) +
                                          " bytes; at most " + std::to_string(kLargestImage) + " are taken");
  }
  try {
    const PictureSize size = png_size(png.span());
    artifact.preview = {{"bytes", png.size()}, {"format", "png"}, {"height", size.height}, {"width", size.width}};
  } catch (const Error& error) {
    throw Error(error.code(), "artifact '" + artifact.name + "' " + error.what());
  }
  const Shape shape{png.size()};
  artifact.arrays.insert_or_assign("data", Array(DType::of<std::uint8_t>(), shape, Order::c, std::move(png)));
  return artifact;
}

Plot Artifact::plot() const {
  require_kind(*this, ArtifactKind::plot);
  return decode_plot(document, arrays);
}

const Array& Artifact::array() const {
  require_kind(*this, ArtifactKind::array);
  require_whole(*this);
  return arrays.at("data");
}

const Bytes& Artifact::image() const {
  require_kind(*this, ArtifactKind::image);
  require_whole(*this);
  return arrays.at("data").bytes();
}

const Json& Artifact::json() const {
  require_kind(*this, ArtifactKind::json);
  require_whole(*this);
  return document;
}

}  // namespace neve
