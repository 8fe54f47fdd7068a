#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace neve::service {

/// `text` with %XX decoded; absent if an escape is incomplete, or the result is not UTF-8 or holds a control character.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// `text` with everything but the unreserved characters of RFC 3986 escaped.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// The segments of a path, decoded: {"api", "v1", "datasets"} of "/api/v1/datasets". Absent if a segment cannot be
/// decoded, is empty, "." or "..", or holds a '/' or '\' once decoded: no segment can lead anywhere else.
[[nodiscard]] std::optional<std::vector<std::string>> path_segments(std::string_view path);

/// The parameters of a query, decoded, '+' as a space, in order. A plain value.
class QueryParameters {
 public:
  /// Throws `invalid_argument` for an escape that is none, a name given twice, or more than 64 parameters.
  [[nodiscard]] static QueryParameters parse(std::string_view query);

  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return all_; }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

}  // namespace neve::service
