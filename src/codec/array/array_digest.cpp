#include <algorithm>
#include <array>

#include <neve/base/digest.hpp>
#include <neve/codec/array.hpp>

#include "codec/array/fortran_rows.hpp"

namespace neve {
namespace {

// Hashes the elements of a Fortran-ordered array in C order without a copy of the whole, in runs that fit a buffer.
class FortranHash {
 public:
  FortranHash(const Array& array, Sha256& digest) : array_(array), digest_(digest) {}

  void run() {
    for_each_fortran_row(
        array_, [this](std::uint64_t row, std::uint64_t step, std::uint64_t count) { hash_row(row, step, count); });
    flush();
  }

 private:
  void hash_row(std::uint64_t row, std::uint64_t step, std::uint64_t count) {
    const std::size_t size = array_.dtype().item_size();
    if (size > buffer_.size()) return hash_wide(row, step, count);
    while (count > 0) {
      const std::uint64_t taken = std::min((buffer_.size() - used_) / size, count);
      gather(array_.bytes().data() + row, step, taken, size, buffer_.data() + used_);
      used_ += taken * size;
      row += taken * step;
      count -= taken;
      if (count > 0) flush();
    }
  }

  void hash_wide(std::uint64_t row, std::uint64_t step, std::uint64_t count) {
    for (; count > 0; --count, row += step)
      digest_.update(array_.bytes().span().subspan(row, array_.dtype().item_size()));
  }

  void flush() {
    digest_.update(ByteSpan(buffer_.data(), used_));
    used_ = 0;
  }

  const Array& array_;
  Sha256& digest_;
  std::array<std::byte, 32768> buffer_;
  std::size_t used_ = 0;
};

}  // namespace

std::string array_digest(const Array& array) {
  Sha256 digest;
  digest.update(array.dtype().name());
  // NumPy's ascontiguousarray, through which phys-pipeline passes every array, makes a 0-dimensional one (1,).
  digest.update(to_text(array.shape().empty() ? Shape{1} : array.shape()));
  if (lies_in_c_order(array)) {
    digest.update(array.bytes().span());
  } else {
    FortranHash(array, digest).run();
  }
  return digest.finish_hex();
}

}  // namespace neve
