#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <neve/base/digest.hpp>

#include "dataset/text/file_input.hpp"

namespace neve::dataset {

/// The SHA-256 of a file, in hexadecimal. Throws `io`.
inline std::string file_sha256(const std::filesystem::path& path) {
  FileInput input(path);
  Sha256 digest;
  std::vector<char> block(std::size_t{1} << 20);
  while (const std::size_t count = input.read(block)) digest.update(std::string_view(block.data(), count));
  return digest.finish_hex();
}

}  // namespace neve::dataset
