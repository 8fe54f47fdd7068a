#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include <neve/optics/grid.hpp>

namespace neve::optics {

/// Gives memory on 64-byte boundaries, so that every array suits the same FFTW plan (a plan depends on alignment).
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kAlignment));
  }
  void deallocate(T* pointer, std::size_t) noexcept { ::operator delete(pointer, kAlignment); }

  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) noexcept { return true; }
};

using ComplexArray = std::vector<Complex, AlignedAllocator<Complex>>;
using RealArray = std::vector<double, AlignedAllocator<double>>;

}  // namespace neve::optics
