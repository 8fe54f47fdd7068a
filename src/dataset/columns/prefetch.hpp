#pragma once

namespace neve::dataset {

/// Says that the memory will soon be looked at. Only a hint.
inline void prefetch(const void* memory) noexcept {
#ifdef __GNUC__
  __builtin_prefetch(memory);
#else
  static_cast<void>(memory);
#endif
}

}  // namespace neve::dataset
