#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <vector>

#include <neve/base/file_stamp.hpp>
#include <neve/base/filesystem_facts.hpp>
#include <neve/cache/backend.hpp>

#include "cache/disk/entry/entry_names.hpp"
#include "cache/disk/entry/open_pair.hpp"
#include "cache/disk/files/root_folder.hpp"
#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// An entry that was read and verified, and what its two files were then.
struct RecentEntry {
  Key key;
  Placement placement = Placement::owned;
  LookupResult result;
  LedgerFacts facts;
  bool mapped = false;           ///< the file, from which arrays are slices
  std::uint32_t generation = 0;  ///< of the root, from before the files were opened
  OpenPair files;                ///< open where an open file tells that its name has passed to another
  FileStamp json = {};
  FileStamp npz = {};
  ChangeSign sign = ChangeSign::none;  ///< where it shows that they have changed
};

/// Entries that are asked for again and again, for as long as both of their files stay what they were: two looks at the
/// files' times instead of opening, reading and checking them. None is found any more once another folder has become
/// the root. See docs/decisions/entries-not-read-again.md.
///
/// Nothing here waits: while another thread changes the table, nothing is found and nothing is kept. So it is of use in
/// a forked child, too, whatever its parent's threads were at. Thread-safe.
class RecentEntries {
 public:
  /// Keeps at most `budget` bytes in memory, with 0 nothing at all. `sign_of` tells of an open folder how changes show
  /// in it; it is asked once for each that becomes the root.
  RecentEntries(const RootFolder& root, std::uint64_t budget, std::function<ChangeSign(int)> sign_of);

  /// The kept entry if its files are what they were; whether it has expired is the caller's to see.
  [[nodiscard]] std::shared_ptr<const RecentEntry> find(const Key& key, std::uint64_t tag, Placement placement);

  /// Whether the key was asked for lately, so that keeping its entry may pay; remembers that it has been now.
  [[nodiscard]] bool asked_again(std::uint64_t tag) noexcept;

  /// Keeps an entry that was read from files opened after `began` (since 1970), unless something may have
  /// changed them since, or could do so without a sign. Fills in the stamps and the sign.
  void keep(std::uint64_t tag, RecentEntry entry, std::chrono::nanoseconds began);

  /// Lets go of what is kept under the key, in either placement.
  void forget(std::uint64_t tag) noexcept;
  void forget_all() noexcept;

 private:
  struct Slot {
    std::uint64_t tag = 0;
    std::uint64_t bytes = 0;  ///< in memory
    bool mapping = false;
    std::shared_ptr<const RecentEntry> entry;  ///< null: the slot is free
    std::atomic<std::uint64_t> used{0};

    void release() noexcept;
  };

  /// What holds for the folder of this generation.
  struct alignas(8) FolderSign {  // which clang needs to load it in one go
    std::uint32_t generation = 0;
    ChangeSign sign = ChangeSign::none;
  };

  [[nodiscard]] FolderSign ask_for_sign() const noexcept;
  [[nodiscard]] FolderSign folder_sign() noexcept;
  [[nodiscard]] bool unchanged(const RecentEntry& entry) const noexcept;
  void forget_if(const std::function<bool(const Slot&)>& doomed) noexcept;
  [[nodiscard]] Slot& room_for(std::uint64_t bytes, bool mapping, std::size_t most) noexcept;

  const RootFolder* root_;
  std::uint64_t budget_;
  std::function<ChangeSign(int)> sign_of_;
  std::size_t most_open_;
  std::atomic<FolderSign> folder_sign_;
  std::shared_mutex mutex_;  // guards the slots except for `used`, which is only ever advice
  std::vector<Slot> slots_;
  std::atomic<std::uint64_t> uses_{0};
  std::array<std::atomic<std::uint64_t>, 1024> asked_{};
};

}  // namespace neve
