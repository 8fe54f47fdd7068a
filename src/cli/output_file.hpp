#pragma once

#include <string>

#include <neve/base/bytes.hpp>

namespace neve::cli {

/// Writes what a command was asked to put into the file `name`: a file appears whole; what is none, such as a pipe or a
/// device, is written to; a link stays one. Throws `io`.
void write_output_file(const std::string& name, ByteSpan bytes);

}  // namespace neve::cli
