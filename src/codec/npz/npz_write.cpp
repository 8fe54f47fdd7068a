#include <neve/codec/npz.hpp>

#include "codec/npz/npz_archive.hpp"

namespace neve {
namespace {

ArchiveOptions archive_options(const NpzWriteOptions& options) {
  return {options.compression, options.alignment, ArchiveTuning{}};
}

ArchiveComment fixed_comment(ByteSpan comment) {
  return {comment.size(), [comment](const Xxh128Value&) { return std::string(as_text(comment)); }};
}

}  // namespace

void write_npz(const ArrayMap& arrays, const NpzWriteOptions& options, NpzSink& sink) {
  SinkOutput output(sink);
  write_archive(arrays, archive_options(options), fixed_comment(options.comment), output);
  output.finish();
}

std::vector<Bytes> gather_npz(const ArrayMap& arrays, const NpzWriteOptions& options) {
  PieceOutput output;
  write_archive(arrays, archive_options(options), fixed_comment(options.comment), output);
  return output.finish();
}

}  // namespace neve
