#include "cache/redis/wire/reply_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>

#include <neve/base/error.hpp>

namespace neve::redis {
namespace {

// One page group: holds a small entry's whole reply, so that it arrives in one system call; of a large one no more than
// this is copied.
constexpr std::size_t kScratch = 16 * 1024;
// A payload with at least this much missing is received in place; below it the copy is cheaper than another call.
constexpr std::size_t kInPlace = 4 * 1024;
constexpr std::string_view kCrlf = "\r\n";

[[noreturn]] void out_of_step(const std::string& what) {
  throw Error(ErrorCode::corrupt, "the server's reply is not RESP: " + what);
}

std::int64_t parse_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) out_of_step("a number is missing");
  return value;
}

Reply text_reply(ReplyKind kind, std::string_view text) {
  Reply reply;
  reply.kind = kind;
  reply.bytes = Bytes::copy_of(as_byte_span(text));
  return reply;
}

Reply integer_reply(std::int64_t value) {
  Reply reply;
  reply.kind = ReplyKind::integer;
  reply.integer = value;
  return reply;
}

}  // namespace

ReplyParser::ReplyParser(const ReplyLimits& limits)
    : limits_(limits), scratch_(std::make_unique_for_overwrite<std::byte[]>(kScratch)) {}

std::span<std::byte> ReplyParser::space() {
  if (payload_ && begin_ == end_ && payload_->size() - filled_ >= kInPlace) return payload_->span().subspan(filled_);
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == kScratch) {
    std::memmove(scratch_.get(), scratch_.get() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (end_ == kScratch) out_of_step("a line is longer than " + std::to_string(kScratch) + " bytes");
  return {scratch_.get() + end_, kScratch - end_};
}

void ReplyParser::commit(std::size_t received) {
  if (payload_ && begin_ == end_ && payload_->size() - filled_ >= kInPlace) {
    filled_ += received;
  } else {
    end_ += received;
  }
}

std::optional<Reply> ReplyParser::next() {
  for (;;) {
    if (payload_) {
      if (!continue_payload()) return std::nullopt;
    } else {
      const auto line = take_line();
      if (!line) return std::nullopt;
      if (!begin_value(*line)) continue;
    }
    if (auto reply = place(std::move(value_))) {
      reset_reply();
      return reply;
    }
  }
}

std::optional<std::string_view> ReplyParser::take_line() {
  const std::string_view unread(reinterpret_cast<const char*>(scratch_.get()) + begin_, end_ - begin_);
  const std::size_t end = unread.find('\r');
  if (end == std::string_view::npos || end + 1 == unread.size()) return std::nullopt;
  if (unread[end + 1] != '\n') out_of_step("a line does not end in CR LF");
  if (end == 0) out_of_step("an empty line");
  begin_ += end + kCrlf.size();
  return unread.substr(0, end);
}

bool ReplyParser::begin_value(std::string_view line) {
  const char type = line.front();
  line.remove_prefix(1);
  switch (type) {
    case '+':
      value_ = text_reply(ReplyKind::status, line);
      return true;
    case '-':
      value_ = text_reply(ReplyKind::error, line);
      return true;
    case ':':
      value_ = integer_reply(parse_integer(line));
      return true;
    case '_':
      value_ = Reply{};
      return true;
    case '#':
      if (line != "t" && line != "f") out_of_step("a boolean that is neither t nor f");
      value_ = integer_reply(line == "t" ? 1 : 0);
      return true;
    case ',':
    case '(':
      value_ = text_reply(ReplyKind::bulk, line);
      return true;
    case '$':
    case '!':
    case '=':
      if (line == "-1") {
        value_ = Reply{};
        return true;
      }
      payload_kind_ = type == '!' ? ReplyKind::error : ReplyKind::bulk;
      payload_skip_ = type == '=' ? 4 : 0;
      begin_payload(line);
      return false;
    case '*':
    case '~':
    case '%':
    case '|':
    case '>':
      return begin_aggregate(type, line);
    default:
      out_of_step("a reply begins with byte " + std::to_string(static_cast<unsigned char>(type)));
  }
}

void ReplyParser::begin_payload(std::string_view length_text) {
  const std::int64_t length = parse_integer(length_text);
  if (length < 0 || static_cast<std::uint64_t>(length) < payload_skip_) out_of_step("a payload of negative length");
  const auto size = static_cast<std::uint64_t>(length);
  if (size > limits_.bytes - reply_bytes_) {
    throw Error(ErrorCode::too_large,
                "a reply holds more than the " + std::to_string(limits_.bytes) + " bytes allowed");
  }
  reply_bytes_ += size;
  payload_.emplace(size + kCrlf.size());
  filled_ = 0;
}

bool ReplyParser::continue_payload() {
  const std::size_t count = std::min(end_ - begin_, payload_->size() - filled_);
  std::memcpy(payload_->data() + filled_, scratch_.get() + begin_, count);
  begin_ += count;
  filled_ += count;
  if (filled_ < payload_->size()) return false;
  const std::size_t size = payload_->size() - kCrlf.size();
  const Bytes whole = std::move(*payload_).freeze();
  payload_.reset();
  if (whole.text().substr(size) != kCrlf) out_of_step("a payload is not followed by CR LF");
  value_ = Reply{};
  value_.kind = payload_kind_;
  value_.bytes = whole.slice(payload_skip_, size - payload_skip_);
  return true;
}

bool ReplyParser::begin_aggregate(char type, std::string_view count_text) {
  const std::int64_t count = parse_integer(count_text);
  if (count == -1 && type == '*') {
    value_ = Reply{};
    return true;
  }
  if (count < 0) out_of_step("an aggregate of negative length");
  const bool pairs = type == '%' || type == '|';
  const std::uint64_t items = static_cast<std::uint64_t>(count) * (pairs ? 2 : 1);
  if (static_cast<std::uint64_t>(count) > limits_.items || items > limits_.items - reply_items_) {
    throw Error(ErrorCode::too_large,
                "a reply holds more than the " + std::to_string(limits_.items) + " items allowed");
  }
  reply_items_ += items;
  Reply aggregate;
  aggregate.kind = type == '>' ? ReplyKind::push : ReplyKind::array;
  if (items == 0) {
    if (type == '|') return false;
    value_ = std::move(aggregate);
    return true;
  }
  if (frames_.size() == limits_.depth) out_of_step("aggregates are nested too deeply");
  frames_.push_back({std::move(aggregate), static_cast<std::size_t>(items), type == '|'});
  return false;
}

std::optional<Reply> ReplyParser::place(Reply value) {
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    if (!frame.discard) frame.reply.items.push_back(std::move(value));
    if (--frame.remaining > 0) return std::nullopt;
    const bool discard = frame.discard;
    value = std::move(frame.reply);
    frames_.pop_back();
    if (discard) return std::nullopt;
  }
  return value;
}

void ReplyParser::reset_reply() {
  reply_bytes_ = 0;
  reply_items_ = 0;
}

}  // namespace neve::redis
