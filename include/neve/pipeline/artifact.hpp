#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <neve/base/bytes.hpp>
#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve {

/// Reaches cache entries; spelt as here.
enum class ArtifactKind { plot, array, json, image };
[[nodiscard]] std::string_view to_string(ArtifactKind kind) noexcept;

/// Where an artifact was written. Empty `file` when nobody recorded it.
struct ArtifactReference {
  std::string file{};  ///< relative to the recording folder: `<pipeline>/<stage>/<name>.png`
  std::string sha256{};
  std::uint64_t bytes = 0;

  friend bool operator==(const ArtifactReference&, const ArtifactReference&) = default;
};

/// Something a stage shows besides its state: a plot, an array, a JSON document, a finished picture. A plain value;
/// copies share arrays.
///
/// Plots are always kept at print resolution. Arrays and documents are kept whole while they are small together
/// (`kKeptArtifactBytes`), and so are pictures (`kKeptImageBytes`); of larger ones only the preview stays.
struct Artifact {
  std::string name{};
  ArtifactKind kind = ArtifactKind::json;
  bool partial = false;     ///< only the preview was kept
  Json document = nullptr;  ///< the document, or the plot's description
  ArrayMap arrays{};        ///< the array, or the bytes of the PNG, as "data"; or the plot's curves and map
  Json preview = nullptr;   ///< what can be said in a line: shape and range, title and labels, the document's beginning
  ArtifactReference reference{};

  /// The picture. Throws `invalid_argument` if this is something else.
  [[nodiscard]] Plot plot() const;
  /// The array or document. Throws `invalid_argument` if this is something else, `unsupported` if only a preview was
  /// kept.
  [[nodiscard]] const Array& array() const;
  [[nodiscard]] const Json& json() const;
  /// The PNG file. The same errors.
  [[nodiscard]] const Bytes& image() const;
};

/// Artifacts with their previews; the plot is reduced to print resolution. Throw `invalid_argument`, naming the
/// artifact, if the name is not 1 to 100 of `A-Z a-z 0-9 _ -`, the plot's parts do not fit (see `decimate`), or the
/// document holds text that is not UTF-8.
[[nodiscard]] Artifact make_artifact(std::string name, Plot plot);
[[nodiscard]] Artifact make_artifact(std::string name, Array array);
[[nodiscard]] Artifact make_artifact(std::string name, Json document);
/// The artifact of a finished PNG file, kept byte by byte. Throws the same, and `invalid_argument` if it is no PNG;
/// `too_large` beyond 64 MiB.
[[nodiscard]] Artifact make_image_artifact(std::string name, Bytes png);

/// Arrays and documents of one stage are kept in its entry if together they need no more than this.
inline constexpr std::uint64_t kKeptArtifactBytes = 1024 * 1024;
/// The same for finished pictures, so that a command's figures do not have to be computed again to be recorded.
inline constexpr std::uint64_t kKeptImageBytes = 16 * 1024 * 1024;

}  // namespace neve
