#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "support/test_data.hpp"

namespace neve {

/// What `python3 tests/interop/{script} {arguments}` prints. Throws if it fails: the comparison with Python is
/// required.
inline std::string run_python(const std::string& script, const std::string& arguments) {
  const std::string command = "python3 '" + test_data("interop/" + script) + "' " + arguments;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start: " + command);
  std::string output;
  std::array<char, 65536> block{};
  for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
    output.append(block.data(), count);
  const int status = ::pclose(pipe);
  if (status != 0) throw std::runtime_error("failed with status " + std::to_string(status) + ": " + command);
  return output;
}

}  // namespace neve
