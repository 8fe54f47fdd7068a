#include "service/http/range.hpp"

#include <algorithm>

#include "service/http/header_value.hpp"

namespace neve::service {
namespace {

struct Asked {
  bool understood = false;
  bool satisfiable = false;
  ByteRange range;
};

/// "bytes=0-99", "bytes=100-" or "bytes=-100".
Asked read_range(std::string_view text, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!text.starts_with(kUnit)) return {};
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = parse_digits(text.substr(0, dash));
  const auto last = parse_digits(text.substr(dash + 1));
  Asked asked;
  if (dash == 0) {
    if (!last) return {};
    const std::uint64_t length = std::min(*last, size);
    return {true, length > 0, {size - length, length}};
  }
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first)) return {};
  asked.understood = true;
  asked.satisfiable = *first < size;
  if (asked.satisfiable) asked.range = {*first, (last ? std::min(*last, size - 1) : size - 1) - *first + 1};
  return asked;
}

}  // namespace

bool names_etag(std::string_view field, std::string_view etag, TagComparison comparison) {
  while (auto tag = take_member(field, Backslash::plain)) {
    if (*tag == "*") return true;
    if (comparison == TagComparison::weak && tag->starts_with("W/")) tag->remove_prefix(2);
    if (*tag == etag) return true;
  }
  return false;
}

FileAnswer judge_file_request(const Request& request, std::uint64_t size, std::string_view etag) {
  const FileAnswer whole{200, {0, size}};
  const auto match = request.list_header("if-match");
  if (match && !names_etag(*match, etag, TagComparison::strong)) return {412, {}};
  const auto none = request.list_header("if-none-match");
  if (none && names_etag(*none, etag, TagComparison::weak)) return {304, {}};
  const auto* range = request.header("range");
  if (range == nullptr || request.method != "GET") return whole;
  if (const auto* condition = request.header("if-range"); condition != nullptr && *condition != etag) return whole;
  const Asked asked = read_range(*range, size);
  if (!asked.understood) return whole;
  if (!asked.satisfiable) return {416, {}};
  return {206, asked.range};
}

}  // namespace neve::service
