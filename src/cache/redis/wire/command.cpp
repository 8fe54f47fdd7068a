#include "cache/redis/wire/command.hpp"

namespace neve::redis {
namespace {

// Below this a copy into the text costs less than one more piece in the gathering write.
constexpr std::size_t kBorrowFrom = 1024;
// What a length and the line ends around it take at most, for all but enormous arguments.
constexpr std::size_t kHeaderRoom = 16;

}  // namespace

Command::Command(std::span<const Argument> arguments, std::size_t key_at) {
  std::size_t room = kHeaderRoom;
  for (const Argument& argument : arguments) room += argument.text_.size() + kHeaderRoom;
  text_.reserve(room);
  append_header('*', arguments.size());
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].in_pieces_) {
      append_payload(arguments[i].pieces_);
      continue;
    }
    append_text(arguments[i].text_);
    if (i == key_at && i != 0) {
      key_size_ = arguments[i].text_.size();
      key_offset_ = text_.size() - 2 - key_size_;
    }
  }
}

void Command::append_header(char type, std::uint64_t count) {
  text_ += type;
  text_ += std::to_string(count);
  text_ += "\r\n";
}

void Command::append_text(std::string_view text) {
  append_header('$', text.size());
  text_ += text;
  text_ += "\r\n";
}

void Command::append_payload(std::span<const Bytes> pieces) {
  std::uint64_t size = 0;
  for (const Bytes& piece : pieces) size += piece.size();
  append_header('$', size);
  for (const Bytes& piece : pieces) {
    if (piece.size() < kBorrowFrom) {
      text_ += piece.text();
    } else {
      borrowed_.push_back({text_.size(), piece.span()});
      borrowed_bytes_ += piece.size();
    }
  }
  text_ += "\r\n";
}

void Command::append_pieces(std::vector<ByteSpan>& pieces) const {
  const ByteSpan text = as_byte_span(text_);
  std::size_t sent = 0;
  for (const Borrowed& borrowed : borrowed_) {
    if (borrowed.at > sent) pieces.push_back(text.subspan(sent, borrowed.at - sent));
    sent = borrowed.at;
    pieces.push_back(borrowed.bytes);
  }
  if (sent < text.size()) pieces.push_back(text.subspan(sent));
}

}  // namespace neve::redis
