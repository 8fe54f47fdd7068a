#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <neve/base/bytes.hpp>
#include <neve/base/file.hpp>

namespace neve::cli {

/// Opens what is already there with open(2)'s `flags` for writing, or what they make. Throws `io`; at once for a pipe
/// that nobody reads, where open(2) would wait for a reader.
[[nodiscard]] FileDescriptor open_for_writing(const std::string& name, int flags);

/// Makes the folder that the file `name` is to be written into, and throws what `write_output_file` would, as far as
/// that can be told beforehand: `invalid_argument` if it is a folder itself, `io`.
void prepare_output_file(const std::string& name);

/// Whether what is written into the one would replace what is written into the other, by whatever names and links.
[[nodiscard]] bool is_same_output(const std::string& a, const std::string& b);

/// Throws `invalid_argument` if what is to be a folder is a file.
void require_no_file(const std::string& name);

/// Writes what a command was asked to put into the file `name`: replaces regular files atomically, writes into pipes
/// and devices, follows links. Throws `io`.
void write_output_file(const std::string& name, ByteSpan bytes);
/// The same for a text that `make` hands over piece by piece.
void write_output_file(const std::string& name,
                       const std::function<void(const std::function<void(std::string_view)>& write)>& make);

}  // namespace neve::cli
