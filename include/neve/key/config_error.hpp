#pragma once

#include <string>

#include <neve/base/error.hpp>
#include <neve/codec/json_path.hpp>

namespace neve {

/// `invalid_argument` about one field of a config, with the place of that field, so that who read the config from a
/// file can add line and column.
class ConfigError : public Error {
 public:
  /// The message is "field 'betas[2]' " (at the root "the config ") and `problem`, which begins with a verb.
  ConfigError(const JsonPath& path, const std::string& problem);
  /// The message is `message`.
  ConfigError(const std::string& message, const JsonPath& path);

  /// As a person writes it: `grid.points`, `betas[2]`; empty for the config as a whole.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// The same as RFC 6901 JSON pointer: `/grid/points`, `/betas/2`.
  [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }

 private:
  std::string path_;
  std::string pointer_;
};

}  // namespace neve
