#include <neve/base/buffer.hpp>

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kMappingThreshold = std::size_t{4} << 20;
constexpr std::size_t kPage = 4096;  // a guess is enough: wrong advice is refused
constexpr std::size_t kPopulateFrom = std::size_t{64} << 10;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLargest = std::size_t{1} << 47;

[[noreturn]] void refuse(std::size_t size) {
  throw Error(ErrorCode::too_large, "cannot allocate a buffer of " + std::to_string(size) + " bytes");
}

/// Has the kernel provide memory that is new to the process at once. Touched page by page for the first time, 1.2 MB
/// cost 0.45 ms to fill; this way 0.3 ms. Advice only, for buffers are filled in any case.
void populate([[maybe_unused]] std::byte* memory, [[maybe_unused]] std::size_t size) noexcept {
#ifdef MADV_POPULATE_WRITE
  if (size < kPopulateFrom) return;
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  auto* const begin = reinterpret_cast<std::byte*>((address + kPage - 1) & ~(kPage - 1));
  const std::size_t length = (size - kPage) & ~(kPage - 1);
  unsigned char used_before = 1;  // as most of a busy heap was, which is seen in a fraction of the time
  if (::mincore(begin + (length / kPage / 2) * kPage, kPage, &used_before) != 0 || (used_before & 1U) != 0) return;
  (void)::madvise(begin, length, MADV_POPULATE_WRITE);
#endif
}

std::shared_ptr<std::byte> allocate_heap(std::size_t size) {
  void* base = std::malloc(size + kAlignment);  // aligned_alloc cuts a piece off again and frees it, which takes longer
  if (base == nullptr) refuse(size);
  const auto address = reinterpret_cast<std::uintptr_t>(base);
  auto* memory = reinterpret_cast<std::byte*>((address + kAlignment - 1) & ~(kAlignment - 1));
  populate(memory, size);
  return {memory, [base](std::byte*) { std::free(base); }};
}

std::shared_ptr<std::byte> allocate_huge(std::size_t size) {
  const std::size_t length = size + kHugePage;
  void* base = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) refuse(size);
  const auto address = reinterpret_cast<std::uintptr_t>(base);
  auto* aligned = reinterpret_cast<std::byte*>((address + kHugePage - 1) & ~(kHugePage - 1));
  // Advice only: where huge pages are off the buffer is merely slower.
  (void)::madvise(aligned, size, MADV_HUGEPAGE);
  return {aligned, [base, length](std::byte*) { ::munmap(base, length); }};
}

}  // namespace

Buffer::Buffer(std::size_t size) : size_(size) {
  if (size > kLargest) refuse(size);
  owner_ = size >= kMappingThreshold ? allocate_huge(size) : allocate_heap(size);
  data_ = owner_.get();
}

Bytes Buffer::freeze() && {
  const ByteSpan span(std::exchange(data_, nullptr), std::exchange(size_, 0));
  return Bytes(span, std::exchange(owner_, nullptr));
}

}  // namespace neve
