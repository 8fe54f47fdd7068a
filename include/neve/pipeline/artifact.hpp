#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve {

/// Reaches cache entries; spelt as here.
enum class ArtifactKind { plot, array, json };
[[nodiscard]] std::string_view to_string(ArtifactKind kind) noexcept;

/// Where an artifact was written. Empty `file` when nobody recorded it.
struct ArtifactReference {
  std::string file{};  ///< relative to the recording folder: `<pipeline>/<stage>/<name>.png`
  std::string sha256{};
  std::uint64_t bytes = 0;

  friend bool operator==(const ArtifactReference&, const ArtifactReference&) = default;
};

/// Something a stage shows besides its state: a picture, an array, a JSON document. A plain value; copies share arrays.
///
/// Plots are always kept at print resolution. Arrays and documents are kept whole while they are small together
/// (`kKeptArtifactBytes`); of larger ones only the preview stays, and `content` is empty.
struct Artifact {
  std::string name{};
  ArtifactKind kind = ArtifactKind::json;
  std::variant<std::monostate, Plot, Array, Json> content{};
  Json preview = nullptr;  ///< what can be said in a line: shape and range, title and labels, the document's beginning
  ArtifactReference reference{};

  /// Whether only the preview was kept.
  [[nodiscard]] bool partial() const noexcept { return std::holds_alternative<std::monostate>(content); }
};

/// Arrays and documents of one stage are kept in its entry if together they need no more than this.
inline constexpr std::uint64_t kKeptArtifactBytes = 1024 * 1024;

}  // namespace neve
