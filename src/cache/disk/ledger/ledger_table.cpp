#include "cache/disk/ledger/ledger_table.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace neve {
namespace {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free && sizeof(std::atomic<std::uint64_t>) == 8);

constexpr char kMagic[8] = {'n', 'e', 'v', 'e', 'l', 'd', 'g', 'r'};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 4096;
constexpr std::size_t kRecordBytes = kLedgerWords * 8;
constexpr std::size_t kBucketSlots = 8;
constexpr std::size_t kLeastCapacity = 64;
constexpr std::size_t kMostCapacity = std::size_t{1} << 26;

static_assert(sizeof(LedgerHeader) <= kHeaderBytes);

std::size_t length_for(std::size_t capacity) { return kHeaderBytes + capacity * (8 + kRecordBytes); }

bool is_sane(std::size_t capacity) {
  return std::has_single_bit(capacity) && capacity >= kLeastCapacity && capacity <= kMostCapacity;
}

void* map_shared(int fd, std::size_t length) {
  return ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

// The space is allocated before it is mapped: writing into a hole of a mapped file on a full disk would be SIGBUS. A
// file system that cannot say so is taken at its word.
bool has_space(int fd, std::size_t length) {
  return ::fallocate(fd, 0, 0, static_cast<off_t>(length)) == 0 || (errno != ENOSPC && errno != EDQUOT);
}

}  // namespace

LedgerTable::LedgerTable(void* base, std::size_t length, std::size_t capacity, LedgerBacking backing,
                         FileDescriptor fd) noexcept
    : base_(base),
      length_(length),
      capacity_(capacity),
      backing_(backing),
      fd_(std::move(fd)),
      file_(fd_.valid() ? FileIdentity::of(fd_.get()) : FileIdentity{}),
      header_(static_cast<LedgerHeader*>(base)),
      tags_(reinterpret_cast<std::atomic<std::uint64_t>*>(static_cast<std::byte*>(base) + kHeaderBytes)),
      words_(tags_ + capacity) {}

LedgerTable::~LedgerTable() { ::munmap(base_, length_); }

bool LedgerTable::intact() const noexcept {
  if (!fd_.valid()) return true;
  struct stat status {};
  return ::fstat(fd_.get(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) >= length_;
}

std::unique_ptr<LedgerTable> LedgerTable::map(FileDescriptor file, LedgerBacking backing) {
  LedgerHeader header{};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || status.st_size < static_cast<off_t>(kHeaderBytes)) return nullptr;
  try {
    if (!read_exactly_at(file.get(), 0, std::as_writable_bytes(std::span(&header, 1)), "ledger")) return nullptr;
  } catch (const std::exception&) {
    return nullptr;
  }
  const bool ours = std::memcmp(header.magic, kMagic, sizeof kMagic) == 0 && header.version == kVersion &&
                    header.record_bytes == kRecordBytes && is_sane(header.capacity) && header.superseded == 0 &&
                    static_cast<std::size_t>(status.st_size) == length_for(header.capacity);
  if (!ours) return nullptr;
  const std::size_t length = length_for(header.capacity);
  if (backing == LedgerBacking::shared && !has_space(file.get(), length)) backing = LedgerBacking::private_copy;
  void* base = backing == LedgerBacking::shared
                   ? map_shared(file.get(), length)
                   : ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.get(), 0);
  if (base == MAP_FAILED) return nullptr;
  return std::unique_ptr<LedgerTable>(new LedgerTable(base, length, header.capacity, backing, std::move(file)));
}

std::unique_ptr<LedgerTable> LedgerTable::create(int fd, std::size_t capacity) {
  if (!is_sane(capacity)) return nullptr;
  const std::size_t length = length_for(capacity);
  FileDescriptor own(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!own.valid() || ::posix_fallocate(own.get(), 0, static_cast<off_t>(length)) != 0) return nullptr;
  void* base = map_shared(own.get(), length);
  if (base == MAP_FAILED) return nullptr;
  std::unique_ptr<LedgerTable> table(new LedgerTable(base, length, capacity, LedgerBacking::shared, std::move(own)));
  table->initialise();
  return table;
}

std::unique_ptr<LedgerTable> LedgerTable::in_memory(std::size_t capacity) {
  const std::size_t length = length_for(capacity);
  void* base = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) throw std::bad_alloc();
  std::unique_ptr<LedgerTable> table(new LedgerTable(base, length, capacity, LedgerBacking::memory, FileDescriptor()));
  table->initialise();
  return table;
}

void LedgerTable::initialise() noexcept {
  std::memcpy(header_->magic, kMagic, sizeof kMagic);
  header_->version = kVersion;
  header_->record_bytes = kRecordBytes;
  header_->capacity = capacity_;
}

std::optional<std::size_t> LedgerTable::find(std::uint64_t wanted) const noexcept {
  for (int choice = 0; choice < 2; ++choice) {
    const std::size_t first = bucket_of(wanted, choice);
    for (std::size_t slot = first; slot < first + kBucketSlots; ++slot) {
      if (tag(slot) == wanted) return slot;
    }
  }
  return std::nullopt;
}

std::optional<LedgerTable::Claim> LedgerTable::claim(std::uint64_t wanted) noexcept {
  if (const auto slot = find(wanted)) return Claim{*slot, false};
  std::size_t first = bucket_of(wanted, 0);
  std::size_t second = bucket_of(wanted, 1);
  if (free_in(second) > free_in(first)) std::swap(first, second);
  std::optional<std::size_t> taken = take_free(first, wanted);
  if (!taken) taken = take_free(second, wanted);
  if (!taken) return std::nullopt;
  // Two at once may have taken a slot each; the one that `find` reports stays.
  const std::optional<std::size_t> winner = find(wanted);
  if (winner && *winner != *taken) {
    release(*taken, wanted);
    return Claim{*winner, false};
  }
  return Claim{*taken, true};
}

bool LedgerTable::release(std::size_t slot, std::uint64_t wanted) noexcept {
  return tags_[slot].compare_exchange_strong(wanted, 0, std::memory_order_relaxed);
}

// The two choices use bits that do not overlap for any capacity allowed.
std::size_t LedgerTable::bucket_of(std::uint64_t wanted, int choice) const noexcept {
  const std::uint64_t bits = choice == 0 ? wanted : wanted >> 32;
  return (bits & (capacity_ / kBucketSlots - 1)) * kBucketSlots;
}

std::optional<std::size_t> LedgerTable::take_free(std::size_t bucket, std::uint64_t wanted) noexcept {
  for (std::size_t slot = bucket; slot < bucket + kBucketSlots; ++slot) {
    std::uint64_t free = 0;
    if (tags_[slot].compare_exchange_strong(free, wanted, std::memory_order_relaxed)) return slot;
  }
  return std::nullopt;
}

int LedgerTable::free_in(std::size_t bucket) const noexcept {
  int free = 0;
  for (std::size_t slot = bucket; slot < bucket + kBucketSlots; ++slot) free += tag(slot) == 0 ? 1 : 0;
  return free;
}

}  // namespace neve
