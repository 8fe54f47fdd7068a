#include "service/http/body_decoder.hpp"

#include <algorithm>
#include <cstring>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kMaxExtensionBytes = 256;
constexpr std::size_t kMaxTrailerBytes = std::size_t{8} << 10;

[[noreturn]] void refuse(const char* what) {
  throw Error(ErrorCode::invalid_argument, std::string("the request's chunked body is malformed: ") + what);
}

}  // namespace

BodyDecoder::BodyDecoder(const RequestHead& head) {
  if (head.chunked) {
    state_ = State::size;
  } else if (head.request.content_length.value_or(0) > 0) {
    state_ = State::counted;
    left_ = *head.request.content_length;
  }
}

void BodyDecoder::skip_plain(std::uint64_t count) {
  left_ -= count;
  if (left_ > 0) return;
  state_ = state_ == State::counted ? State::done : State::data_cr;
}

BodyDecoder::Step BodyDecoder::decode(std::string_view in, std::span<std::byte> out) {
  Step step;
  while (!done() && step.consumed < in.size()) {
    if (!in_data()) {
      take(in[step.consumed++]);
      continue;
    }
    const std::size_t room = out.size() - step.produced;
    if (room == 0) break;
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_, std::min(room, in.size() - step.consumed)));
    std::memcpy(out.data() + step.produced, in.data() + step.consumed, count);
    step.consumed += count;
    step.produced += count;
    skip_plain(count);
  }
  return step;
}

void BodyDecoder::take(char c) {
  switch (state_) {
    case State::size:
      if (const int digit = hex_digit(c); digit >= 0) {
        if (++digits_ > 15) refuse("a chunk's size has too many digits");
        left_ = left_ * 16 + static_cast<unsigned>(digit);
        return;
      }
      if (digits_ == 0) refuse("a chunk without a size");
      line_bytes_ = 0;
      if (c == '\r') {
        state_ = State::size_end;
      } else if (c == ';' || c == ' ' || c == '\t') {
        state_ = State::extension;
      } else {
        refuse("a chunk's size is not a hexadecimal number");
      }
      return;
    case State::extension:
      if (c == '\n' || ++line_bytes_ > kMaxExtensionBytes) refuse("a chunk extension without end");
      if (c == '\r') state_ = State::size_end;
      return;
    case State::size_end:
      if (c != '\n') refuse("a chunk's size does not end its line");
      digits_ = 0;
      line_bytes_ = 0;
      line_empty_ = true;
      state_ = left_ == 0 ? State::trailer : State::data;
      return;
    case State::data_cr:
      if (c != '\r') refuse("a chunk is longer than its size");
      state_ = State::data_lf;
      return;
    case State::data_lf:
      if (c != '\n') refuse("a chunk is longer than its size");
      state_ = State::size;
      return;
    case State::trailer:
      if (c == '\n' || ++line_bytes_ > kMaxTrailerBytes) refuse("the trailer has no end");
      if (c == '\r') {
        state_ = State::trailer_end;
      } else {
        line_empty_ = false;
      }
      return;
    case State::trailer_end:
      if (c != '\n') refuse("a line of the trailer ends without CR LF");
      state_ = line_empty_ ? State::done : State::trailer;
      line_empty_ = true;
      return;
    case State::counted:
    case State::data:
    case State::done:
      return;
  }
}

}  // namespace neve::service
