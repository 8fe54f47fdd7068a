#pragma once

#include <string>

#include <neve/base/bytes.hpp>

namespace neve::cli {

/// Makes the folder that the file `name` is to be written into, and throws what `write_output_file` would, as far as
/// that can be told beforehand: `invalid_argument` if it is a folder itself, `io`.
void prepare_output_file(const std::string& name);

/// Writes what a command was asked to put into the file `name`: replaces regular files atomically, writes into pipes
/// and devices, follows links. Throws `io`.
void write_output_file(const std::string& name, ByteSpan bytes);

}  // namespace neve::cli
