#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include <neve/codec/entry.hpp>

#include "codec/byte_recipes.hpp"
#include "support/test_data.hpp"

namespace neve {
namespace {

using Kind = EntryError::Kind;

Entry example() {
  Entry entry;
  entry.meta = {{"stage", "fiber"}, {"metrics", {{"energy", 1.5}}}};
  entry.arrays.emplace("field", random_array(DType::parse("<c16"), {300}, Order::c, 1));
  entry.arrays.emplace("axis", array_of(DType::of<double>(), {1024}, Order::c, wordy_bytes(8192, 2)));
  return entry;
}

const EntrySeal kSeal{"k1", TimePoint(std::chrono::milliseconds(1'700'000'000'123)), R"({"op":"fiber"})"};

struct Pair {
  std::string json;
  std::string npz;
};

Pair encoded(const Entry& entry, const EntrySeal& seal = kSeal) {
  EncodedEntry both = encode_entry(entry, seal);
  return {both.json, joined(both.npz)};
}

DecodedEntry decode(const Pair& pair, std::string_view key = "k1") {
  return decode_entry(key, as_byte_span(pair.json), Bytes::copy_of(as_byte_span(pair.npz)));
}

Kind kind_of(const Pair& pair, std::string_view key = "k1") {
  try {
    (void)decode(pair, key);
  } catch (const EntryError& error) {
    return error.kind();
  }
  ADD_FAILURE() << "decoded";
  return Kind::too_large;
}

TEST(Entry, ComesBackWithItsSeal) {
  const Entry entry = example();
  const DecodedEntry decoded = decode(encoded(entry));
  EXPECT_EQ(decoded.entry.meta, entry.meta);
  EXPECT_EQ(decoded.entry.arrays, entry.arrays);
  ASSERT_TRUE(decoded.seal.has_value());
  EXPECT_EQ(decoded.seal->key, "k1");
  EXPECT_EQ(decoded.seal->expires_at, kSeal.expires_at);
  EXPECT_EQ(decoded.seal->recipe, kSeal.recipe);
}

TEST(Entry, ExpiryIsKeptWhateverItIs) {
  for (const std::int64_t milliseconds : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    EntrySeal seal = kSeal;
    seal.expires_at = TimePoint(std::chrono::milliseconds(milliseconds));
    EXPECT_EQ(decode(encoded(example(), seal)).seal->expires_at, seal.expires_at);
  }
  EXPECT_FALSE(decode(encoded(example(), {"k1", std::nullopt, ""})).seal->expires_at.has_value());
}

TEST(Entry, StreamedAndGatheredAreTheSameBytes) {
  const Entry entry = example();
  const EncodedEntry gathered = encode_entry(entry, kSeal);
  MemorySink sink;
  write_entry_npz(entry, gathered.json, kSeal, {}, sink);
  EXPECT_EQ(sink.text, joined(gathered.npz));
  EXPECT_EQ(gathered.npz_bytes(), sink.text.size());
  EXPECT_EQ(gathered.json, encode_entry_json(entry));
  EXPECT_EQ(encoded(entry).npz, sink.text) << "and the same again";
}

TEST(Entry, AnEmptyEntryIsAnEndRecordAndASeal) {
  const Pair pair = encoded({}, {"k", std::nullopt, ""});
  EXPECT_EQ(pair.json, "{}");
  EXPECT_EQ(pair.npz.size(), 22U + 48U + 1U);
  EXPECT_TRUE(decode(pair, "k").entry.arrays.empty());
}

TEST(Entry, HalvesOfTwoEntriesAreTorn) {
  Entry other = example();
  other.meta["stage"] = "gain";
  const Pair a = encoded(example());
  const Pair b = encoded(other);
  EXPECT_EQ(kind_of({b.json, a.npz}), Kind::torn);
  EXPECT_EQ(kind_of({a.json, b.npz}), Kind::torn);
  EXPECT_EQ(kind_of({a.json.substr(0, 10), a.npz}), Kind::corrupt) << "half a JSON file is damaged, not another's";
}

TEST(Entry, UnderAnotherKeyItIsForeign) {
  try {
    (void)decode(encoded(example()), "k2");
    ADD_FAILURE();
  } catch (const EntryError& error) {
    EXPECT_EQ(error.kind(), Kind::foreign);
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
    EXPECT_NE(std::string(error.what()).find("k1"), std::string::npos);
  }
}

TEST(Entry, WithoutASealOnlyChecksumsCount) {
  const Entry entry = example();
  const std::string npz = joined(gather_npz(entry.arrays, {}));
  const DecodedEntry decoded = decode({R"({"any": "json"})", npz}, "any key");
  EXPECT_FALSE(decoded.seal.has_value());
  EXPECT_EQ(decoded.entry.arrays, entry.arrays);
  EXPECT_EQ(kind_of({"[1]", npz}), Kind::corrupt) << "metadata are an object";
  EXPECT_EQ(kind_of({"{\"a\": 123456789012345678901234567890}", npz}), Kind::unsupported);
}

TEST(Entry, MetadataOfNeveBesideAnotherProgramsArraysAreTorn) {
  const std::string npz = joined(gather_npz(example().arrays, {}));
  EXPECT_EQ(kind_of({R"({"format": "neve.stage_result"})", npz}), Kind::torn);
  EXPECT_FALSE(decode({R"({"format": "nevertheless", "n": {"format": "neve.stage_result"}})", npz}, "k").seal);
}

TEST(Entry, ACommentThatIsNoSealIsRefused) {
  const ArrayMap arrays = example().arrays;
  for (const std::string& comment :
       {std::string("hello"), std::string("neve"), "neve\x01" + std::string(60, '\0'), std::string(48, 'n')}) {
    const std::string npz = joined(gather_npz(arrays, {Compression::adaptive, 64, as_byte_span(comment)}));
    EXPECT_EQ(kind_of({"{}", npz}), Kind::corrupt) << comment;
  }
  const std::string later = "neve\x02" + std::string(60, '\0');
  EXPECT_EQ(kind_of({"{}", joined(gather_npz(arrays, {Compression::adaptive, 64, as_byte_span(later)}))}),
            Kind::unsupported);
}

TEST(Entry, ARecipeTooLongForACommentIsLeftOut) {
  const std::size_t room = 65'535 - 48 - 2;
  EXPECT_EQ(decode(encoded(example(), {"k1", std::nullopt, std::string(room, 'r')})).seal->recipe.size(), room);
  EXPECT_EQ(decode(encoded(example(), {"k1", std::nullopt, std::string(room + 1, 'r')})).seal->recipe, "");
}

TEST(Entry, WhatCannotBeSealedIsRefused) {
  const auto refused = [](const Entry& entry, const EntrySeal& seal) {
    try {
      (void)encode_entry(entry, seal);
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
  };
  EXPECT_TRUE(refused(example(), {"", std::nullopt, ""}));
  EXPECT_TRUE(refused(example(), {std::string(5000, 'k'), std::nullopt, ""}));
  Entry entry = example();
  entry.meta = Json::array();
  EXPECT_TRUE(refused(entry, kSeal));
}

TEST(Entry, PickledStateInMetadataIsText) {
  Entry entry;
  entry.meta = {{"state_blob", "gASVAAAA"}};
  EXPECT_EQ(decode(encoded(entry)).entry.meta["state_blob"], "gASVAAAA");
}

TEST(Entry, IoErrorsOfASourcePassUnchanged) {
  class BrokenSource final : public NpzSource {
   public:
    [[nodiscard]] std::uint64_t size() const override { return 1000; }
    void read(std::uint64_t, std::span<std::byte>) const override { throw Error(ErrorCode::io, "input/output error"); }
  };
  try {
    (void)decode_entry("k", as_byte_span("{}"), BrokenSource());
    ADD_FAILURE();
  } catch (const EntryError&) {
    ADD_FAILURE() << "a failing disk says nothing about the entry";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
  }
}

// The bytes in the hexadecimal listing of docs/formats/entry.md.
std::string documented_example() {
  std::ifstream page(test_data("../docs/formats/entry.md"));
  std::string bytes;
  for (std::string line; std::getline(page, line);) {
    std::istringstream row(line.substr(0, std::min<std::size_t>(line.size(), 53)));
    std::size_t offset = 0;
    if (!(row >> std::hex >> offset) || offset != bytes.size() || line.find("  ") != 4) continue;
    for (unsigned byte = 0; row >> byte;) bytes += static_cast<char>(byte);
  }
  return bytes;
}

TEST(Entry, TheDocumentedExampleIsWhatIsWritten) {
  Entry entry;
  entry.arrays.emplace("x", Array::from(std::vector<std::int16_t>{1, 2}));
  const Pair pair = encoded(entry, {"k", std::nullopt, ""});
  EXPECT_EQ(pair.json, "{}");
  EXPECT_EQ(pair.npz, documented_example());
}

}  // namespace
}  // namespace neve
