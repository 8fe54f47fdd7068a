#include "cache/disk/files/file_source.hpp"

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve {

void FileSource::read(std::uint64_t offset, std::span<std::byte> out) const {
  if (!read_exactly_at(fd_, offset, out, name_)) {
    throw Error(ErrorCode::corrupt,
                "'" + name_ + "' ends after " + std::to_string(offset) + " bytes or a little later");
  }
}

}  // namespace neve
