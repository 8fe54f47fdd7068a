#include <neve/key/config_error.hpp>

namespace neve {
namespace {

std::string subject(const JsonPath& path) {
  return path.depth() == 0 ? std::string("the config") : "field '" + path.dotted() + "'";
}

}  // namespace

ConfigError::ConfigError(const JsonPath& path, const std::string& problem)
    : ConfigError(subject(path) + ' ' + problem, path) {}

ConfigError::ConfigError(const std::string& message, const JsonPath& path)
    : Error(ErrorCode::invalid_argument, message), path_(path.dotted()), pointer_(path.pointer()) {}

}  // namespace neve
