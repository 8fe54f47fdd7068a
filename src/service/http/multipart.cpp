#include "service/http/multipart.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <neve/base/ascii.hpp>
#include <neve/base/bytes.hpp>
#include <neve/base/error.hpp>

#include "service/http/header_value.hpp"
#include "service/http/target.hpp"

namespace neve::service {
namespace {

constexpr std::size_t kMaxParts = 32;
constexpr std::size_t kMaxHeadBytes = std::size_t{8} << 10;
constexpr std::size_t kMaxBoundaryBytes = 70;
constexpr std::size_t kReadBytes = std::size_t{64} << 10;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "the multipart body is malformed: " + what);
}

/// Takes `token` or `"quoted \" text"` from the front.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find(';'), text.size());
    value = trim(text.substr(0, end));
    text.remove_prefix(end);
    return value;
  }
  text.remove_prefix(1);
  for (;;) {
    if (text.empty()) refuse("a quoted parameter has no end");
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return value;
    // Browsers write a backslash as it is, and %22 for a quotation mark; only an escaped mark is taken for one.
    if (c == '\\' && text.starts_with('"')) {
      value += '"';
      text.remove_prefix(1);
    } else {
      value += c;
    }
  }
}

/// Calls `take(name, value)` for each `; name=value` of a header's parameters.
template <class Take>
void each_parameter(std::string_view text, Take take) {
  for (;;) {
    text = trim(text);
    if (text.empty()) return;
    if (text.front() != ';') refuse("parameters of a header are not separated by ';'");
    text = trim(text.substr(1));
    if (text.empty()) return;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) refuse("a parameter of a header has no value");
    const std::string name = lower_case(trim(text.substr(0, equals)));
    text = trim(text.substr(equals + 1));
    take(name, take_value(text));
  }
}

void read_disposition(std::string_view value, PartHead& head, bool& named) {
  const std::size_t end = std::min(value.find(';'), value.size());
  if (lower_case(trim(value.substr(0, end))) != "form-data") refuse("a part's Content-Disposition is not form-data");
  each_parameter(value.substr(end), [&](const std::string& name, const std::string& text) {
    if (name == "name") {
      if (named) refuse("a part has two names");
      head.name = text;
      named = true;
    } else if (name == "filename" && !head.filename) {
      head.filename = text;
    } else if (name == "filename*" &&
               lower_case(text).starts_with("utf-8'")) {  // RFC 8187; counts more than the plain one
      const std::size_t mark = text.find('\'', 6);
      if (mark == std::string::npos) return;
      if (auto decoded = percent_decoded(std::string_view(text).substr(mark + 1))) head.filename = *std::move(decoded);
    }
  });
}

/// RFC 7578, 4.7: the codings of mail are not for HTTP, and what is in one is another text than it seems.
void require_no_coding(std::string_view value) {
  const std::string coding = lower_case(value);
  if (coding == "binary" || coding == "8bit" || coding == "7bit") return;
  refuse("a part's Content-Transfer-Encoding is '" + coding + "'; send the part as it is, without one");
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const std::size_t end = std::min(content_type.find(';'), content_type.size());
  if (lower_case(trim(content_type.substr(0, end))) != "multipart/form-data") return std::nullopt;
  std::string boundary;
  each_parameter(content_type.substr(end), [&](const std::string& name, const std::string& value) {
    if (name == "boundary") boundary = value;
  });
  if (boundary.empty() || boundary.size() > kMaxBoundaryBytes) {
    refuse("its Content-Type names no boundary of 1 to 70 characters");
  }
  return boundary;
}

MultipartReader::MultipartReader(Source source, std::string_view boundary)
    : source_(std::move(source)), delimiter_("\r\n--" + std::string(boundary)), buffer_("\r\n") {}

bool MultipartReader::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  std::array<std::byte, kReadBytes> piece;
  const std::size_t count = source_(piece);
  buffer_.append(as_text({piece.data(), count}));
  return count > 0;
}

void MultipartReader::need(std::size_t bytes) {
  while (have().size() < bytes) {
    if (!fill()) refuse("it ends before its closing boundary");
  }
}

std::optional<PartHead> MultipartReader::next() {
  if (state_ == State::ended) return std::nullopt;
  std::array<std::byte, 4096> unwanted;
  if (state_ == State::preamble) {
    state_ = State::content;  // which the text before the first boundary is read like
  }
  while (read(unwanted) > 0) {
  }
  drop(delimiter_.size());
  need(2);
  if (have().starts_with("--")) {
    state_ = State::ended;
    while (source_(unwanted) > 0) {  // the epilogue
    }
    buffer_.clear();
    begin_ = 0;
    return std::nullopt;
  }
  for (need(1); have().front() == ' ' || have().front() == '\t'; need(1)) drop(1);
  need(2);
  if (!have().starts_with("\r\n")) refuse("a boundary does not end its line");
  if (++parts_ > kMaxParts) refuse("there are more than " + std::to_string(kMaxParts) + " parts");
  return read_head();
}

PartHead MultipartReader::read_head() {
  // From the line end of the boundary, so that a part without any header ends here as well.
  std::size_t end = have().find("\r\n\r\n");
  while (end == std::string_view::npos) {
    if (have().size() > kMaxHeadBytes) refuse("the head of a part is longer than 8 KiB");
    if (!fill()) refuse("it ends in the head of a part");
    end = have().find("\r\n\r\n");
  }
  if (end > kMaxHeadBytes) refuse("the head of a part is longer than 8 KiB");
  PartHead head;
  bool named = false;
  std::string_view lines = have().substr(0, end);
  while (!lines.empty()) {
    lines.remove_prefix(2);
    const std::size_t line_end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, line_end);
    lines.remove_prefix(line_end);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) refuse("a header line of a part is not 'name: value'");
    const std::string name = lower_case(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "content-disposition") read_disposition(value, head, named);
    if (name == "content-type") head.content_type = value;
    if (name == "content-transfer-encoding") require_no_coding(value);
  }
  if (!named) refuse("a part has no name");
  drop(end + 4);
  return head;
}

std::size_t MultipartReader::read(std::span<std::byte> out) {
  if (state_ != State::content || out.empty()) return 0;
  need(delimiter_.size());
  std::string_view text = have();
  const std::size_t found = text.find(delimiter_);
  if (found == 0) return 0;
  // Without a delimiter in sight, the last bytes may be the beginning of one.
  const std::size_t certain = found == std::string_view::npos ? text.size() - delimiter_.size() + 1 : found;
  const std::size_t count = std::min(certain, out.size());
  std::memcpy(out.data(), text.data(), count);
  drop(count);
  return count;
}

}  // namespace neve::service
