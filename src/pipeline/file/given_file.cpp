#include "pipeline/file/given_file.hpp"

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve {

Bytes read_given_file(const std::filesystem::path& path, std::uint64_t limit) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown))
    throw Error(ErrorCode::invalid_argument, path.string() + ": a folder; name a file");
  auto bytes = read_file(path, limit);
  if (!bytes) throw Error(ErrorCode::invalid_argument, path.string() + ": no such file");
  return *std::move(bytes);
}

}  // namespace neve
