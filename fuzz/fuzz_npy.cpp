// A file from anywhere read as NPY: either refused with an Error, or an array that is the same after writing and
// reading.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <neve/codec/npy.hpp>

#include "refused_or.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const neve::Bytes file = neve::Bytes::copy_of(std::as_bytes(std::span(data, size)));
  const auto array = neve::fuzz::refused_or([&] { return neve::read_npy(file); });
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
