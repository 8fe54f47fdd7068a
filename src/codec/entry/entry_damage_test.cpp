#include <gtest/gtest.h>

#include <neve/base/digest.hpp>
#include <neve/codec/entry.hpp>

#include "codec/byte_recipes.hpp"
#include "codec/entry/seal.hpp"
#include "codec/npz/npz_archive.hpp"

// Whatever single thing happens to the bytes of a sealed entry, reading it fails.
namespace neve {
namespace {

struct Sealed {
  std::string json;
  std::string npz;
};

// As encode_entry does it, with the sizes at which the format changes its ways made small.
Sealed sealed(const Entry& entry, Compression compression, const ArchiveTuning& tuning) {
  const std::string json = encode_entry_json(entry);
  const EntrySeal seal{"key", TimePoint(std::chrono::milliseconds(1'234'567'890'123)), R"({"op":"x"})"};
  const Xxh128Value json_digest = Xxh128().update(as_byte_span(json)).finish();
  PieceOutput output;
  write_archive(
      entry.arrays, {compression, 64, tuning},
      {seal_bytes(seal), [&](const Xxh128Value& structure) { return make_seal(seal, json_digest, structure); }},
      output);
  return {json, joined(output.finish())};
}

bool reads(std::string_view json, const Bytes& npz) {
  try {
    (void)decode_entry("key", as_byte_span(json), npz);
    return true;
  } catch (const EntryError&) {
    return false;
  }
}

Entry small_entry() {
  Entry entry;
  entry.meta = {{"a", 1}, {"b", "text"}};
  entry.arrays.emplace("x", random_array(DType::of<double>(), {3}, Order::c, 1));
  entry.arrays.emplace("caf\u00e9", random_array(DType::parse(">i2"), {2, 2}, Order::fortran, 2));
  return entry;
}

Entry wordy_entry(std::size_t bytes) {
  Entry entry;
  entry.meta = {{"a", 1}};
  entry.arrays.emplace("w", array_of(DType::parse("|u1"), {bytes}, Order::c, wordy_bytes(bytes, 3)));
  return entry;
}

std::vector<std::pair<std::string, Sealed>> all_kinds() {
  const ArchiveTuning usual;
  return {{"no arrays", sealed({}, Compression::adaptive, usual)},
          {"stored", sealed(small_entry(), Compression::adaptive, usual)},
          {"deflated", sealed(wordy_entry(5000), Compression::adaptive, usual)},
          {"deflated by ISA-L", sealed(wordy_entry(13'000), Compression::adaptive, usual)},
          {"small", sealed(wordy_entry(3000), Compression::small, usual)},
          {"segmented", sealed(wordy_entry(9000), Compression::adaptive, {4096, 2000, zip::kSaturated32})},
          {"small segmented", sealed(wordy_entry(9000), Compression::small, {4096, 2000, zip::kSaturated32})},
          {"zip64", sealed(small_entry(), Compression::adaptive, {4096, 2000, 1})}};
}

TEST(EntryDamage, EveryFlippedByteOfTheNpzFileIsDetected) {
  for (const auto& [what, entry] : all_kinds()) {
    ASSERT_TRUE(reads(entry.json, Bytes::copy_of(as_byte_span(entry.npz)))) << what;
    std::string npz = entry.npz;
    const Bytes view = Bytes::borrowed(as_byte_span(npz));
    for (std::size_t i = 0; i < npz.size(); ++i) {
      for (const int mask : {0xFF, 1 << i % 8}) {
        npz[i] = static_cast<char>(entry.npz[i] ^ mask);
        ASSERT_FALSE(reads(entry.json, view)) << what << ": byte " << i << " of " << npz.size() << " ^ " << mask;
      }
      npz[i] = entry.npz[i];
    }
  }
}

TEST(EntryDamage, EveryFlippedBitOfTheJsonFileIsDetected) {
  for (const auto& [what, entry] : all_kinds()) {
    std::string json = entry.json;
    const Bytes npz = Bytes::copy_of(as_byte_span(entry.npz));
    for (std::size_t i = 0; i < json.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        json[i] = static_cast<char>(entry.json[i] ^ 1 << bit);
        ASSERT_FALSE(reads(json, npz)) << what << ": bit " << bit << " of byte " << i;
      }
      json[i] = entry.json[i];
    }
  }
}

TEST(EntryDamage, EveryTruncationAndEveryExtensionIsDetected) {
  for (const auto& [what, entry] : all_kinds()) {
    const Bytes whole = Bytes::copy_of(as_byte_span(entry.npz));
    for (std::size_t length = 0; length < entry.npz.size(); ++length) {
      ASSERT_FALSE(reads(entry.json, whole.slice(0, length))) << what << ": cut to " << length;
      ASSERT_FALSE(reads(entry.json, whole.slice(entry.npz.size() - length, length))) << what << ": start lost";
    }
    for (std::size_t length = 0; length < entry.json.size(); ++length) {
      ASSERT_FALSE(reads(std::string_view(entry.json).substr(0, length), whole)) << what << ": json cut to " << length;
    }
    for (const std::string& more : {std::string("\0", 1), std::string(22, 'P'), entry.npz}) {
      ASSERT_FALSE(reads(entry.json, Bytes::from(entry.npz + more))) << what;
      ASSERT_FALSE(reads(entry.json, Bytes::from(more + entry.npz))) << what;
    }
    ASSERT_FALSE(reads(entry.json + " ", whole)) << what;
  }
}

// Real sizes: positions are sampled, a third of them in the directory and the seal.
TEST(EntryDamage, FlipsInLargeMembersAreDetected) {
  Entry entry = wordy_entry(5 << 20);
  entry.arrays.emplace("r", random_array(DType::of<double>(), {1 << 15}, Order::c, 8));
  const Sealed good = sealed(entry, Compression::adaptive, {});
  ASSERT_LT(good.npz.size(), std::size_t{4} << 20);
  std::string npz = good.npz;
  const Bytes view = Bytes::borrowed(as_byte_span(npz));
  ASSERT_TRUE(reads(good.json, view));
  std::mt19937_64 random(1);
  for (int i = 0; i < 120; ++i) {
    const std::size_t at = i < 40 ? npz.size() - 1 - random() % 600 : random() % npz.size();
    npz[at] = static_cast<char>(good.npz[at] ^ 1 << random() % 8);
    ASSERT_FALSE(reads(good.json, view)) << "byte " << at;
    npz[at] = good.npz[at];
  }
}

TEST(EntryDamage, ReadingPieceByPieceDetectsTheSame) {
  const Sealed good = sealed(wordy_entry(200'000), Compression::adaptive, {4096, 20'000, zip::kSaturated32});
  std::mt19937_64 random(2);
  for (int i = 0; i < 500; ++i) {
    std::string npz = good.npz;
    const std::size_t at = random() % npz.size();
    npz[at] = static_cast<char>(npz[at] ^ 1 << random() % 8);
    EXPECT_THROW((void)decode_entry("key", as_byte_span(good.json), TextSource(npz)), EntryError) << at;
    EXPECT_THROW((void)decode_entry("key", as_byte_span(good.json), TextSource(good.npz.substr(0, at))), EntryError);
  }
}

}  // namespace
}  // namespace neve
