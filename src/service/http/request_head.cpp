#include "service/http/request_head.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

#include "service/http/header_value.hpp"

namespace neve::service {
namespace {

/// RFC 9110, section 5.6.2.
constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; });
}

/// Takes the text up to CRLF; false if there is a stray CR or LF, or none.
bool take_line(std::string_view& text, std::string_view& line) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos || text.substr(end, 2) != "\r\n") return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return true;
}

/// "/path?query", or a whole URL, of which the authority counts for nothing here.
std::optional<HeadFault> read_target(std::string_view target, Request& request) {
  if (target.size() > kMaxTargetBytes) {
    return HeadFault{414, "the target is longer than " + std::to_string(kMaxTargetBytes) + " bytes"};
  }
  if (std::any_of(target.begin(), target.end(), [](char c) { return c <= ' ' || c >= 0x7f; })) {
    return HeadFault{400, "the target holds a character that must be percent-encoded"};
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!lower_case(target.substr(0, scheme.size())).starts_with(scheme)) continue;
    const std::size_t slash = target.find_first_of("/?", scheme.size());
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  if (target.empty() || (target.front() != '/' && target != "*")) {
    return HeadFault{400, "the target must begin with '/'"};
  }
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
  return std::nullopt;
}

std::optional<HeadFault> read_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return HeadFault{400, "the first line is no request line"};
  const std::string_view method = line.substr(0, first);
  if (!is_token(method) || method.size() > 32) return HeadFault{400, "the method is no token"};
  head.request.method = method;
  const std::string_view version = line.substr(last + 1);
  if (version == "HTTP/1.0") {
    head.keep_alive = false;  // whatever it asks for: nobody needs it today
  } else if (version != "HTTP/1.1") {
    return HeadFault{version.starts_with("HTTP/") ? 505 : 400, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  return read_target(line.substr(first + 1, last - first - 1), head.request);
}

std::optional<HeadFault> read_header_line(std::string_view line, Request& request) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return HeadFault{400, "a header line is not 'name: value'"};
  }
  const std::string_view value = trim(line.substr(colon + 1));
  const auto forbidden = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
  if (std::any_of(value.begin(), value.end(), forbidden)) {
    return HeadFault{400, "a header value holds a control character"};
  }
  if (request.headers.size() == kMaxHeaders) {
    return HeadFault{431, "there are more than " + std::to_string(kMaxHeaders) + " header fields"};
  }
  request.headers.push_back({lower_case(line.substr(0, colon)), std::string(value)});
  return std::nullopt;
}

/// What the fields that concern the connection itself say.
std::optional<HeadFault> read_framing(RequestHead& head, bool version_1_1) {
  std::size_t hosts = 0;
  bool transfer_encoding = false;
  for (const Header& header : head.request.headers) {
    if (header.name == "host") {
      ++hosts;
      if (!is_host(header.value)) return HeadFault{400, "Host is not a name or an address, perhaps with a port"};
    } else if (header.name == "connection") {
      if (has_member(header.value, "close")) head.keep_alive = false;
    } else if (header.name == "content-length") {
      const auto length = parse_digits(header.value);
      if (!length || *length > std::uint64_t{INT64_MAX}) {
        return HeadFault{400, "Content-Length is not a number of bytes"};
      }
      if (head.request.content_length) return HeadFault{400, "Content-Length is given more than once"};
      head.request.content_length = length;
    } else if (header.name == "transfer-encoding") {
      if (transfer_encoding || lower_case(header.value) != "chunked") {
        return HeadFault{501, "the only transfer coding understood is 'chunked', once"};
      }
      transfer_encoding = true;
    } else if (header.name == "expect") {
      if (lower_case(header.value) != "100-continue")
        return HeadFault{417, "the only expectation met is '100-continue'"};
      head.expects_continue = version_1_1;
    }
  }
  if (version_1_1 && hosts != 1) return HeadFault{400, "there must be exactly one Host header"};
  if (transfer_encoding && (head.request.content_length || !version_1_1)) {
    return HeadFault{400, "Transfer-Encoding stands beside Content-Length or in HTTP/1.0"};
  }
  head.takes_interim = version_1_1;
  head.chunked = transfer_encoding;
  head.request.has_body = transfer_encoding || head.request.content_length.value_or(0) > 0;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> head_size(std::string_view received) noexcept {
  std::size_t from = 0;
  while (received.substr(from, 2) == "\r\n") from += 2;
  const std::size_t end = received.find("\r\n\r\n", from);
  if (end == std::string_view::npos) return std::nullopt;
  return end + 4;
}

std::optional<HeadFault> parse_request_head(std::string_view text, RequestHead& head) {
  while (text.starts_with("\r\n")) text.remove_prefix(2);
  std::string_view line;
  if (!take_line(text, line)) return HeadFault{400, "a line ends without CR LF"};
  if (auto fault = read_request_line(line, head)) return fault;
  const bool version_1_1 = line.ends_with("HTTP/1.1");
  for (;;) {
    if (!take_line(text, line)) return HeadFault{400, "a line ends without CR LF"};
    if (line.empty()) break;
    if (auto fault = read_header_line(line, head.request)) return fault;
  }
  return read_framing(head, version_1_1);
}

}  // namespace neve::service
