#include <algorithm>
#include <array>
#include <cstring>

#include <neve/base/digest.hpp>
#include <neve/codec/array.hpp>

namespace neve {
namespace {

// Gathers `count` elements that lie `step` bytes apart; a fixed size lets the compiler use plain loads.
template <std::size_t Size>
void gather_fixed(const std::byte* from, std::uint64_t step, std::uint64_t count, std::byte* to) {
  for (std::uint64_t i = 0; i < count; ++i) std::memcpy(to + i * Size, from + i * step, Size);
}

void gather(const std::byte* from, std::uint64_t step, std::uint64_t count, std::size_t size, std::byte* to) {
  switch (size) {
    case 1:
      return gather_fixed<1>(from, step, count, to);
    case 2:
      return gather_fixed<2>(from, step, count, to);
    case 4:
      return gather_fixed<4>(from, step, count, to);
    case 8:
      return gather_fixed<8>(from, step, count, to);
    case 16:
      return gather_fixed<16>(from, step, count, to);
    default:
      for (std::uint64_t i = 0; i < count; ++i) std::memcpy(to + i * size, from + i * step, size);
  }
}

// Hashes the elements of a Fortran-ordered array in C order without a copy of the whole: the last index runs in the
// inner loop, in runs that fit a small buffer, the others count like an odometer.
class FortranWalk {
 public:
  FortranWalk(const Array& array, Sha256& digest) : array_(array), digest_(digest), steps_(array.shape().size()) {
    std::uint64_t step = array.dtype().item_size();
    for (std::size_t axis = 0; axis < steps_.size(); ++axis) {
      steps_[axis] = step;
      step *= array.shape()[axis];
    }
  }

  void run() {
    const std::size_t last = steps_.size() - 1;
    std::vector<std::uint64_t> index(last, 0);
    std::uint64_t row = 0;
    while (true) {
      hash_row(row, steps_[last], array_.shape()[last]);
      std::size_t axis = last;
      while (axis > 0) {
        --axis;
        row += steps_[axis];
        if (++index[axis] < array_.shape()[axis]) break;
        if (axis == 0) return flush();
        row -= steps_[axis] * array_.shape()[axis];
        index[axis] = 0;
      }
    }
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
  std::vector<std::uint64_t> steps_;
  std::array<std::byte, 32768> buffer_;
  std::size_t used_ = 0;
};

}  // namespace

std::string array_digest(const Array& array) {
  Sha256 digest;
  digest.update(array.dtype().name());
  // NumPy's ascontiguousarray, through which phys-pipeline passes every array, makes a 0-dimensional one (1,).
  digest.update(to_text(array.shape().empty() ? Shape{1} : array.shape()));
  const bool in_c_order = array.order() == Order::c || array.shape().size() < 2 || array.bytes().empty();
  if (in_c_order) {
    digest.update(array.bytes().span());
  } else {
    FortranWalk(array, digest).run();
  }
  return digest.finish_hex();
}

}  // namespace neve
