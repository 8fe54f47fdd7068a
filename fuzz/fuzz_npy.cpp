// A file from anywhere read as NPY: either refused with an Error, or an array that is the same after writing and
// reading.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <neve/base/error.hpp>
#include <neve/codec/npy.hpp>

#include "require.hpp"

namespace {

std::optional<neve::Array> read_or_refuse(const neve::Bytes& file) {
  try {
    return neve::read_npy(file);
  } catch (const neve::Error& error) {
    neve::fuzz::require(error.code() == neve::ErrorCode::corrupt || error.code() == neve::ErrorCode::unsupported ||
                            error.code() == neve::ErrorCode::too_large,
                        "a bad file is corrupt, unsupported or too large");
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto array = read_or_refuse(neve::Bytes::copy_of(std::as_bytes(std::span(data, size))));
  if (!array) {
    return 0;
  }
  std::string rewritten;
  for (const neve::Bytes& piece : neve::gather_npy(*array)) {
    rewritten += piece.text();
  }
  neve::fuzz::require(neve::read_npy(neve::Bytes::from(std::move(rewritten))) == *array, "a written array reads back");
  return 0;
}
