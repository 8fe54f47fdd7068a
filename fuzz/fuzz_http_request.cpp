// A request's head, target, query and body framing: nothing crashes, and what is accepted is as strict as promised.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>

#include "require.hpp"
#include "service/http/body_decoder.hpp"
#include "service/http/range.hpp"
#include "service/http/request_head.hpp"
#include "service/http/target.hpp"

using namespace neve;
using neve::fuzz::require;
using namespace neve::service;

namespace {

/// The body's bytes, decoded from pieces of at most `piece` bytes; "!" if it is malformed.
std::string decoded(const RequestHead& head, std::string_view text, std::size_t piece) {
  BodyDecoder decoder(head);
  std::string body;
  std::array<std::byte, 64> room;
  try {
    while (!text.empty() && !decoder.done()) {
      const auto step = decoder.decode(text.substr(0, piece), room);
      require(step.consumed > 0, "the decoder stands still");
      body.append(reinterpret_cast<const char*>(room.data()), step.produced);
      text.remove_prefix(step.consumed);
    }
  } catch (const Error&) {
    return "!";
  }
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = head_size(text);
  if (!end) return 0;
  require(*end <= size, "the head ends beyond the text");
  RequestHead head;
  if (parse_request_head(text.substr(0, *end), head)) return 0;
  require(!head.chunked || !head.request.content_length, "two framings at once");
  for (const Header& header : head.request.headers) {
    require(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a line end in a value");
  }
  if (const auto segments = path_segments(head.request.path)) {
    for (const std::string& segment : *segments) {
      require(!segment.empty() && segment != "." && segment != ".." && segment.find('/') == std::string::npos &&
                  segment.find('\0') == std::string::npos,
              "a segment leads elsewhere");
      require(percent_decoded(percent_encoded(segment)) == segment, "a segment changes when it is encoded");
    }
  }
  try {
    (void)QueryParameters::parse(head.request.query);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid_argument, "another error");
  }
  const FileAnswer answer = judge_file_request(head.request, 1000, "\"tag\"");
  require(answer.range.first + answer.range.length <= 1000, "a range beyond the file");
  const std::string_view rest = text.substr(*end);
  require(decoded(head, rest, 1) == decoded(head, rest, rest.size() + 1), "pieces decode differently");
  return 0;
}
