#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/codec/npz.hpp>

namespace neve {

/// Where an archive is laid down: streamed into a sink, or gathered as pieces. Used by one thread.
class ArchiveOutput {
 public:
  virtual ~ArchiveOutput() = default;

  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

  virtual void reserve(std::uint64_t bytes) = 0;
  /// Bytes that are copied or written before the call returns.
  virtual void append(ByteSpan bytes) = 0;
  /// Bytes that stay valid and unchanged as long as the output is used.
  virtual void append_lasting(ByteSpan bytes) = 0;
  /// Whether lasting bytes, too, are written before the call returns, so that it costs nothing to append other memory.
  [[nodiscard]] virtual bool writes_at_once() const = 0;
  /// Bytes that own their memory.
  virtual void append_owned(Bytes bytes) = 0;
  /// Replaces bytes that one earlier `append` wrote.
  virtual void patch(std::uint64_t offset, ByteSpan bytes) = 0;

 protected:
  void advance(std::size_t bytes) noexcept { position_ += bytes; }

 private:
  std::uint64_t position_ = 0;
};

/// Streams into a sink; small appends are collected, so that a small archive is one write.
class SinkOutput final : public ArchiveOutput {
 public:
  explicit SinkOutput(NpzSink& sink) : sink_(sink) {}

  void reserve(std::uint64_t bytes) override;
  void append(ByteSpan bytes) override;
  void append_lasting(ByteSpan bytes) override { append(bytes); }
  [[nodiscard]] bool writes_at_once() const override { return true; }
  void append_owned(Bytes bytes) override { append(bytes.span()); }
  void patch(std::uint64_t offset, ByteSpan bytes) override;
  /// Writes what is still collected.
  void finish() { flush(); }

 private:
  void flush();

  NpzSink& sink_;
  std::string collected_;
  std::uint64_t flushed_ = 0;
};

/// Gathers pieces: long lasting ones are borrowed, owned ones shared, the rest is copied together.
class PieceOutput final : public ArchiveOutput {
 public:
  void reserve(std::uint64_t bytes) override;
  void append(ByteSpan bytes) override;
  void append_lasting(ByteSpan bytes) override;
  [[nodiscard]] bool writes_at_once() const override { return false; }
  void append_owned(Bytes bytes) override;
  void patch(std::uint64_t offset, ByteSpan bytes) override;
  [[nodiscard]] std::vector<Bytes> finish();

 private:
  struct Piece {
    std::uint64_t offset;
    std::string text;  ///< copied bytes, or empty
    Bytes bytes;       ///< borrowed or shared bytes, or empty
  };
  std::string& text_piece();

  std::vector<Piece> pieces_;
  std::size_t reserved_ = 0;
};

}  // namespace neve
