#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "support/test_data.hpp"

namespace neve {

/// The content of a file under tests/, by its path from there.
inline std::string read_test_file(const std::string& path) {
  std::ifstream file(test_data(path), std::ios::binary);
  if (!file) throw std::runtime_error("cannot read the test file " + path);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace neve
