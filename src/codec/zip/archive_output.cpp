#include "codec/zip/archive_output.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace neve {
namespace {

constexpr std::size_t kCollectBelow = std::size_t{64} << 10;
constexpr std::size_t kBorrowFrom = std::size_t{16} << 10;

}  // namespace

void SinkOutput::reserve(std::uint64_t bytes) {
  collected_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kCollectBelow)));
  sink_.reserve(bytes);
}

void SinkOutput::append(ByteSpan bytes) {
  if (bytes.size() < kCollectBelow) {
    if (collected_.size() + bytes.size() > kCollectBelow) flush();
    collected_.append(as_text(bytes));
  } else {
    flush();
    sink_.write(bytes);
    flushed_ += bytes.size();
  }
  advance(bytes.size());
}

void SinkOutput::patch(std::uint64_t offset, ByteSpan bytes) {
  if (offset < flushed_) return sink_.write_at(offset, bytes);
  std::memcpy(collected_.data() + (offset - flushed_), bytes.data(), bytes.size());
}

void SinkOutput::flush() {
  if (collected_.empty()) return;
  sink_.write(as_byte_span(collected_));
  flushed_ += collected_.size();
  collected_.clear();
}

void PieceOutput::reserve(std::uint64_t bytes) {
  reserved_ = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kCollectBelow));
}

std::string& PieceOutput::text_piece() {
  if (pieces_.empty() || !pieces_.back().bytes.empty()) {
    pieces_.push_back({position(), {}, {}});
    pieces_.back().text.reserve(std::exchange(reserved_, 0));
  }
  return pieces_.back().text;
}

void PieceOutput::append(ByteSpan bytes) {
  if (bytes.empty()) return;
  if (bytes.size() >= kCollectBelow) return append_owned(Bytes::copy_of(bytes));  // never regrow a long text
  text_piece().append(as_text(bytes));
  advance(bytes.size());
}

void PieceOutput::append_lasting(ByteSpan bytes) {
  // Blocks of one array follow each other in memory and become one piece again.
  if (!pieces_.empty() && !pieces_.back().bytes.owned() && !pieces_.back().bytes.empty()) {
    const ByteSpan before = pieces_.back().bytes.span();
    if (before.data() + before.size() == bytes.data()) {
      pieces_.back().bytes = Bytes::borrowed({before.data(), before.size() + bytes.size()});
      return advance(bytes.size());
    }
  }
  if (bytes.size() < kBorrowFrom) return append(bytes);
  pieces_.push_back({position(), {}, Bytes::borrowed(bytes)});
  advance(bytes.size());
}

void PieceOutput::append_owned(Bytes bytes) {
  if (bytes.size() < kBorrowFrom) return append(bytes.span());
  const std::uint64_t offset = position();
  advance(bytes.size());
  pieces_.push_back({offset, {}, std::move(bytes)});
}

void PieceOutput::patch(std::uint64_t offset, ByteSpan bytes) {
  const auto piece = std::find_if(pieces_.rbegin(), pieces_.rend(), [&](const Piece& p) { return p.offset <= offset; });
  std::memcpy(piece->text.data() + (offset - piece->offset), bytes.data(), bytes.size());
}

std::vector<Bytes> PieceOutput::finish() {
  std::vector<Bytes> result;
  result.reserve(pieces_.size());
  for (Piece& piece : pieces_) {
    result.push_back(piece.text.empty() ? std::move(piece.bytes) : Bytes::from(std::move(piece.text)));
  }
  pieces_.clear();
  return result;
}

}  // namespace neve
