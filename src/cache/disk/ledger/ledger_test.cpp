#include "cache/disk/ledger/ledger.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>
#include <sys/stat.h>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

constexpr TimePoint kNow{std::chrono::hours(490'000)};

LedgerFacts facts_with(std::uint64_t bytes, double compute_s) {
  LedgerFacts facts;
  facts.bytes = bytes;
  facts.compute_s = compute_s;
  facts.writer = Writer::neve;
  facts.stored_at = kNow;
  facts.last_used = kNow;
  return facts;
}

LedgerKey numbered(int number) { return LedgerKey(Key("entry" + std::to_string(number))); }

/// One process's view of a folder's ledger.
class View {
 public:
  explicit View(const std::filesystem::path& path, FolderAccess access = FolderAccess::read_write)
      : root_(RootFolder::open(path, access)), temporaries_(root_), ledger_(root_, temporaries_) {}

  Ledger* operator->() { return &ledger_; }

 private:
  RootFolder root_;
  TemporaryFiles temporaries_;
  Ledger ledger_;
};

class LedgerInFolder : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / ".neve" / "ledger"; }

  TemporaryFolder folder_;
};

TEST_F(LedgerInFolder, RemembersAcrossReopening) {
  LedgerFacts facts = facts_with(12345, 7.5);
  facts.expires_at = kNow + std::chrono::milliseconds(1500);
  View(folder_.path())->record_store(numbered(1), facts);
  View later(folder_.path());
  EXPECT_EQ(later->backing(), LedgerBacking::shared);
  const auto found = later->find(numbered(1).tag());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes, 12345U);
  EXPECT_EQ(found->compute_s, 7.5);
  EXPECT_EQ(found->writer, Writer::neve);
  EXPECT_EQ(found->stored_at, kNow);
  EXPECT_EQ(found->expires_at, kNow + std::chrono::seconds(2)) << "an expiry must not seem earlier than it is";
  EXPECT_FALSE(later->find(numbered(2).tag()));
}

TEST_F(LedgerInFolder, ProcessesSeeEachOthersRecordsAtOnce) {
  View one(folder_.path());
  View other(folder_.path());
  one->record_store(numbered(1), facts_with(100, 1));
  other->record_store(numbered(2), facts_with(50, 1));
  EXPECT_TRUE(other->find(numbered(1).tag()));
  EXPECT_EQ(one->totals().entries, 2U);
  EXPECT_EQ(one->totals().bytes, 150U);
}

TEST_F(LedgerInFolder, HitsAddUpAndStoringAgainKeepsThem) {
  View ledger(folder_.path());
  ledger->record_store(numbered(1), facts_with(100, 4));
  LedgerFacts seen = facts_with(100, 0);
  seen.last_used = kNow + std::chrono::hours(1);
  EXPECT_EQ(ledger->record_hit(numbered(1), seen).compute_s, 4);
  EXPECT_EQ(ledger->record_hit(numbered(1), seen).hits, 2U);
  EXPECT_EQ(ledger->find(numbered(1).tag())->last_used, seen.last_used);
  ledger->record_store(numbered(1), facts_with(80, 0));
  EXPECT_EQ(ledger->find(numbered(1).tag())->hits, 2U);
  EXPECT_EQ(ledger->find(numbered(1).tag())->compute_s, 4) << "a known cost is not lost to an unknown one";
  EXPECT_EQ(ledger->totals().bytes, 80U);
  EXPECT_EQ(ledger->totals().entries, 1U);
}

TEST_F(LedgerInFolder, AHitInAnothersFilesThatAStoreReplacesMeanwhileDoesNotUndoTheRecord) {
  View ledger(folder_.path());
  LedgerFacts seen = facts_with(70, 0);
  seen.writer = Writer::other;
  seen.stored_at = kNow - std::chrono::hours(1);
  ledger->record_store(numbered(1), facts_with(100, 4));
  ledger->record_hit(numbered(1), seen);
  EXPECT_EQ(ledger->find(numbered(1).tag())->writer, Writer::neve);
  EXPECT_EQ(ledger->find(numbered(1).tag())->bytes, 100U);
  EXPECT_EQ(ledger->find(numbered(1).tag())->hits, 1U);
  seen.stored_at = kNow + std::chrono::seconds(3);
  ledger->record_hit(numbered(1), seen);
  EXPECT_EQ(ledger->find(numbered(1).tag())->writer, Writer::other) << "files from after the store";
}

TEST_F(LedgerInFolder, HitOnAnUnknownEntryMakesItKnown) {
  View ledger(folder_.path());
  ledger->record_hit(numbered(1), facts_with(100, 0));
  EXPECT_EQ(ledger->totals().entries, 1U);
  ledger->forget(numbered(1).tag());
  EXPECT_EQ(ledger->totals().entries, 0U);
  EXPECT_EQ(ledger->totals().bytes, 0U);
}

TEST_F(LedgerInFolder, GrowsAndOthersFollow) {
  View grower(folder_.path());
  View other(folder_.path());
  constexpr int kEntries = 6000;
  for (int i = 0; i < kEntries; ++i) {
    grower->record_store(numbered(i), facts_with(10, i));
    grower->renew_if_needed();
  }
  EXPECT_GE(grower->capacity(), 8192U);
  int found = 0;
  for (int i = 0; i < kEntries; ++i) found += other->find(numbered(i).tag()) ? 1 : 0;
  EXPECT_EQ(found, kEntries);
  EXPECT_EQ(other->totals().entries, static_cast<std::uint64_t>(kEntries));
  EXPECT_EQ(other->find(numbered(77).tag())->compute_s, 77);
  EXPECT_EQ(other->capacity(), grower->capacity());
}

TEST_F(LedgerInFolder, KeysUpToTheirRoomComeBackAndLongOnesByHashOnly) {
  View ledger(folder_.path());
  const std::vector<std::string> kept{std::string(64, 'e'), "a", std::string(32, 'z'), "analysis:7"};
  const std::vector<std::string> hashed{std::string(33, 'z'), std::string(64, 'E'), std::string(200, 'q')};
  for (const auto* group : {&kept, &hashed}) {
    for (const std::string& text : *group) ledger->record_store(LedgerKey(Key(text)), facts_with(1, 1));
  }
  std::vector<std::string> seen;
  std::size_t without = 0;
  for (const LedgerRecord& record : ledger->next_records(ledger->capacity(), TimePoint::max())) {
    if (const auto key = record.key()) {
      seen.push_back(key->text());
    } else {
      ++without;
    }
  }
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), std::set<std::string>(kept.begin(), kept.end()));
  EXPECT_EQ(without, hashed.size());
}

TEST_F(LedgerInFolder, SlicesTogetherCoverEverything) {
  View ledger(folder_.path());
  for (int i = 0; i < 300; ++i) ledger->record_store(numbered(i), facts_with(1, 1));
  std::set<std::uint64_t> tags;
  for (int slice = 0; slice < 8; ++slice) {
    for (const LedgerRecord& record : ledger->next_records(ledger->capacity() / 8, TimePoint::max()))
      tags.insert(record.tag);
  }
  EXPECT_EQ(tags.size(), 300U);
}

TEST_F(LedgerInFolder, WhatIsNoLedgerIsReplacedByOne) {
  View(folder_.path())->record_store(numbered(1), facts_with(1, 1));
  const auto size = std::filesystem::file_size(file());
  for (const std::uintmax_t wrong : {std::uintmax_t{0}, std::uintmax_t{10}, size - 1, size + 1}) {
    std::filesystem::resize_file(file(), wrong);
    View ledger(folder_.path());
    EXPECT_EQ(ledger->backing(), LedgerBacking::shared) << wrong;
    ledger->record_store(numbered(2), facts_with(1, 1));
    EXPECT_EQ(ledger->totals().entries, 1U) << wrong;
  }
}

TEST_F(LedgerInFolder, AnyDamageIsHarmless) {
  {
    View ledger(folder_.path());
    for (int i = 0; i < 200; ++i) ledger->record_store(numbered(i), facts_with(1, 1));
  }
  std::uint64_t random = 1;
  for (int round = 0; round < 40; ++round) {
    {
      std::fstream out(file(), std::ios::in | std::ios::out | std::ios::binary);
      const auto size = std::filesystem::file_size(file());
      for (int i = 0; i < 2000; ++i) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        // The first rounds spare the header, so that the damaged records are really used.
        const auto position = round < 30 ? 4096 + (random >> 20) % (size - 4096) : (random >> 20) % 4096;
        out.seekp(static_cast<std::streamoff>(position));
        out.put(static_cast<char>(random >> 55));
      }
    }
    View ledger(folder_.path());
    ledger->record_store(numbered(round), facts_with(9, 2));
    if (const auto found = ledger->find(numbered(round).tag())) {
      EXPECT_EQ(found->bytes, 9U);
    }
    for (const LedgerRecord& record : ledger->next_records(ledger->capacity(), TimePoint::max())) {
      const auto key = record.key();
      EXPECT_TRUE(!key || LedgerKey(*key).tag() == record.tag);
    }
    ledger->renew_if_needed();
  }
}

TEST_F(LedgerInFolder, RemovedFileIsNoticedAndMadeAnew) {
  View ledger(folder_.path());
  ledger->record_store(numbered(1), facts_with(1, 1));
  std::filesystem::remove_all(folder_.path() / ".neve");
  ledger->record_store(numbered(2), facts_with(1, 1));
  ledger->renew_if_needed();
  EXPECT_TRUE(std::filesystem::exists(file()));
  ledger->record_store(numbered(3), facts_with(1, 1));
  EXPECT_TRUE(View(folder_.path())->find(numbered(3).tag()));
}

TEST_F(LedgerInFolder, WhatIsCutShortUnderItIsMadeAnew) {
  for (const FolderAccess access : {FolderAccess::read_write, FolderAccess::read_only}) {
    View ledger(folder_.path(), access);
    ledger->record_store(numbered(1), facts_with(1, 1));
    std::filesystem::resize_file(file(), 0);  // as `cp` does before it writes
    EXPECT_FALSE(ledger->find(numbered(1).tag()));
    ledger->record_store(numbered(2), facts_with(1, 1));
    EXPECT_TRUE(ledger->find(numbered(2).tag()));
    View(folder_.path())->record_store(numbered(3), facts_with(1, 1));
  }
}

// A copy of a folder has holes where nothing had been written. On a disk that is full by then they cannot be filled.
TEST_F(LedgerInFolder, GetsTheSpaceThatACopyLacks) {
  View(folder_.path())->record_store(numbered(1), facts_with(1, 1));
  const auto size = std::filesystem::file_size(file());
  const auto held = [&] {
    struct stat status {};
    EXPECT_EQ(::stat(file().c_str(), &status), 0);
    return static_cast<std::uintmax_t>(status.st_blocks) * 512;
  };
  {
    std::ifstream in(file(), std::ios::binary);
    std::string header(4096, '\0');
    in.read(header.data(), 4096);
    std::filesystem::remove(file());
    std::ofstream(file(), std::ios::binary) << header;
    std::filesystem::resize_file(file(), size);
  }
  ASSERT_LT(held(), size);
  EXPECT_EQ(View(folder_.path())->backing(), LedgerBacking::shared);
  EXPECT_GE(held(), size);
}

TEST_F(LedgerInFolder, WorksInMemoryWhereNoFileCanBe) {
  std::filesystem::create_directories(file());
  View ledger(folder_.path());
  EXPECT_EQ(ledger->backing(), LedgerBacking::memory);
  for (int i = 0; i < 2000; ++i) {
    ledger->record_store(numbered(i), facts_with(1, 1));
    ledger->renew_if_needed();
  }
  EXPECT_EQ(ledger->totals().entries, 2000U);
}

TEST_F(LedgerInFolder, ReadOnlyAccessWritesOnlyIntoItsOwnCopy) {
  View writer(folder_.path());
  writer->record_store(numbered(1), facts_with(1, 3));
  View reader(folder_.path(), FolderAccess::read_only);
  EXPECT_EQ(reader->backing(), LedgerBacking::private_copy);
  EXPECT_EQ(reader->record_hit(numbered(1), facts_with(1, 0)).compute_s, 3);
  EXPECT_EQ(reader->find(numbered(1).tag())->hits, 1U);
  EXPECT_EQ(writer->find(numbered(1).tag())->hits, 0U);
}

}  // namespace
}  // namespace neve
