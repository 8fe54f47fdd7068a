#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include <neve/base/file.hpp>

#include "cache/disk/files/file_identity.hpp"

namespace neve {

/// Where a ledger's memory comes from, and so who sees what is written into it.
enum class LedgerBacking {
  shared,        ///< a file mapped by every process that has the folder open
  private_copy,  ///< the file's content when it was opened, and then this process's own
  memory,        ///< this process only
};

/// The start of a ledger file. Everything after `capacity` changes while others look.
struct LedgerHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t record_bytes;
  std::uint64_t capacity;
  std::atomic<std::uint32_t> superseded;  ///< 1: a larger table has taken the file's name
  std::atomic<std::uint32_t> crowded;     ///< 1: a record found no slot
  std::atomic<std::int64_t> entries;
  std::atomic<std::int64_t> bytes;
  std::atomic<std::uint64_t> hand;       ///< slot where the cleaner continues
  std::atomic<std::uint64_t> directory;  ///< position in the folder where the cleaner continues
};

/// The eight words of a record; what they hold is the ledger's affair.
using LedgerWords = std::atomic<std::uint64_t>;
inline constexpr std::size_t kLedgerWords = 8;

/// A hash table of fixed records in mapped memory that any number of threads and processes use at once without a lock.
///
/// A tag (never 0) has two buckets of eight slots, each bucket's tags in one cache line; a new tag takes a free slot of
/// the emptier bucket by compare-and-swap. No probe chains, so removal leaves no gravestones and damage stays where it
/// is. Every index is bounded by the capacity that was checked against the file's size, so no content can lead outside
/// the mapping. Whoever cuts the file short makes every access to what is mapped fatal, so ask `intact` before.
class LedgerTable {
 public:
  struct Claim {
    std::size_t slot;
    bool fresh;  ///< the tag was not there before
  };

  /// Maps an open file after checking that it is a ledger of a sane size; null if it is not. Writes into the mapping
  /// reach the file for `shared` only; it gets the space for them, which a copy of a folder may lack.
  [[nodiscard]] static std::unique_ptr<LedgerTable> map(FileDescriptor file, LedgerBacking backing);

  /// Makes an empty table in the open, empty file, with its space allocated; null if that is not possible.
  [[nodiscard]] static std::unique_ptr<LedgerTable> create(int fd, std::size_t capacity);

  /// An empty table in this process's memory. Throws std::bad_alloc.
  [[nodiscard]] static std::unique_ptr<LedgerTable> in_memory(std::size_t capacity);

  ~LedgerTable();
  LedgerTable(const LedgerTable&) = delete;
  LedgerTable& operator=(const LedgerTable&) = delete;

  /// Of the mapped file, which the mapping keeps; none of a table in memory.
  [[nodiscard]] const FileIdentity& file() const noexcept { return file_; }

  /// Whether the file is still as long as what is mapped. A program that copies a backup over the file truncates it.
  [[nodiscard]] bool intact() const noexcept;

  [[nodiscard]] LedgerBacking backing() const noexcept { return backing_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] LedgerHeader& header() const noexcept { return *header_; }

  [[nodiscard]] std::optional<std::size_t> find(std::uint64_t tag) const noexcept;
  /// The slot of `tag`, taken for it if need be; nothing if both buckets are full.
  [[nodiscard]] std::optional<Claim> claim(std::uint64_t tag) noexcept;
  /// Gives the slot up; false if it no longer held `tag`.
  bool release(std::size_t slot, std::uint64_t tag) noexcept;

  /// 0 for a free slot.
  [[nodiscard]] std::uint64_t tag(std::size_t slot) const noexcept {
    return tags_[slot].load(std::memory_order_relaxed);
  }
  [[nodiscard]] LedgerWords* words(std::size_t slot) const noexcept { return words_ + slot * kLedgerWords; }

 private:
  LedgerTable(void* base, std::size_t length, std::size_t capacity, LedgerBacking backing, FileDescriptor fd) noexcept;

  void initialise() noexcept;
  [[nodiscard]] std::size_t bucket_of(std::uint64_t tag, int choice) const noexcept;
  [[nodiscard]] std::optional<std::size_t> take_free(std::size_t bucket, std::uint64_t tag) noexcept;
  [[nodiscard]] int free_in(std::size_t bucket) const noexcept;

  void* base_;
  std::size_t length_;
  std::size_t capacity_;
  LedgerBacking backing_;
  FileDescriptor fd_;  ///< of the mapped file; none of a table in memory
  FileIdentity file_;
  LedgerHeader* header_;
  std::atomic<std::uint64_t>* tags_;
  LedgerWords* words_;
};

}  // namespace neve
