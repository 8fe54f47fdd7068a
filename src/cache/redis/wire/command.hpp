#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/bytes.hpp>

namespace neve::redis {

/// One argument of a command: a text, or a payload in pieces.
class Argument {
 public:
  Argument(std::string_view text) : text_(text) {}    // NOLINT(google-explicit-constructor)
  Argument(const std::string& text) : text_(text) {}  // NOLINT(google-explicit-constructor)
  Argument(const char* text) : text_(text) {}         // NOLINT(google-explicit-constructor)
  explicit Argument(std::span<const Bytes> pieces) : pieces_(pieces), in_pieces_(true) {}

 private:
  friend class Command;
  std::string_view text_;
  std::span<const Bytes> pieces_;
  bool in_pieces_ = false;
};

/// One command as the list of pieces a gathering write sends. Texts and small pieces are copied in; large pieces are
/// borrowed, and the caller keeps them alive until the command has been run. A plain value.
class Command {
 public:
  /// `key_at` is the position of the key that decides which node of a cluster the command goes to; 0 for none.
  Command(std::initializer_list<Argument> arguments, std::size_t key_at = 1)
      : Command(std::span(arguments.begin(), arguments.size()), key_at) {}
  explicit Command(std::span<const Argument> arguments, std::size_t key_at = 1);

  /// Empty for a command that any node can answer.
  [[nodiscard]] std::string_view key() const noexcept { return std::string_view(text_).substr(key_offset_, key_size_); }

  /// Bytes on the wire.
  [[nodiscard]] std::uint64_t size() const noexcept { return text_.size() + borrowed_bytes_; }

  /// Appends what is to be sent, in order; borrowed from this command.
  void append_pieces(std::vector<ByteSpan>& pieces) const;

 private:
  struct Borrowed {
    std::size_t at;  // how much of the text goes out before it
    ByteSpan bytes;
  };

  void append_header(char type, std::uint64_t count);
  void append_text(std::string_view text);
  void append_payload(std::span<const Bytes> pieces);

  std::string text_;
  std::vector<Borrowed> borrowed_;
  std::uint64_t borrowed_bytes_ = 0;
  std::size_t key_offset_ = 0;
  std::size_t key_size_ = 0;
};

}  // namespace neve::redis
