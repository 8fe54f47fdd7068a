#pragma once

#include <neve/codec/npz.hpp>

#include "codec/zip/source_view.hpp"
#include "codec/zip/zip_directory.hpp"

namespace neve {

/// Reads an archive in two steps: headers when made, arrays when asked. Borrows the source. Used by one thread.
class NpzReader {
 public:
  NpzReader(SourceView file, const NpzReadLimits& limits)
      : file_(std::move(file)), directory_(zip::read_directory(file_, limits)) {}

  [[nodiscard]] const Bytes& comment() const noexcept { return directory_.comment; }
  [[nodiscard]] const Xxh128Value& structure() const noexcept { return directory_.structure; }

  /// Reads and verifies every member. Throws as `read_npz` does.
  [[nodiscard]] ArrayMap read_arrays() const;

 private:
  [[nodiscard]] Array read_member(const zip::Member& member) const;
  [[nodiscard]] Array read_stored(const zip::Member& member) const;
  [[nodiscard]] Array read_deflated(const zip::Member& member) const;
  void inflate_whole(const zip::Member& member, std::span<std::byte> out) const;
  void inflate_in_segments(const zip::Member& member, std::span<std::byte> out) const;

  SourceView file_;
  zip::Directory directory_;
};

}  // namespace neve
