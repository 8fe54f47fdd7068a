#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <neve/service/request.hpp>

namespace neve::service {

/// A part of a file that a client asked for.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

/// What a conditional request for a file is to be answered with. A plain value.
struct FileAnswer {
  int status = 200;  ///< 200, 206, 304, 412 or 416
  ByteRange range;   ///< of 200 and 206
};

/// Judges If-Match, If-None-Match, Range and If-Range against a file of `size` bytes whose strong entity tag is `etag`
/// (with its quotation marks).
///
/// Of several ranges none is served, nor of a Range that is malformed: the whole file is, as RFC 9110 (13.2, 14.2)
/// allows. Dates in If-Range never match, since files here have no dates that mean anything.
[[nodiscard]] FileAnswer judge_file_request(const Request& request, std::uint64_t size, std::string_view etag);

/// How RFC 9110 (8.8.3.2) compares entity tags: only weakly can one that is marked as weak be equal to another.
enum class TagComparison { strong, weak };

/// Whether the list of entity tags `field` (or "*") names `etag`, which is strong.
[[nodiscard]] bool names_etag(std::string_view field, std::string_view etag, TagComparison comparison);

}  // namespace neve::service
