#pragma once

#include <string>

#include <neve/base/file.hpp>

namespace neve {

/// Closes a file that was written, before anybody relies on it: over a network it is only now that the server may say
/// that it has no room. Throws `io`, naming `name`; the descriptor is closed either way.
void close_written(FileDescriptor& file, const std::string& name);

}  // namespace neve
