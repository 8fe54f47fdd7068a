#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <neve/base/digest.hpp>
#include <neve/codec/entry.hpp>

#include "codec/byte_recipes.hpp"
#include "support/test_data.hpp"

// Entries that phys-pipeline 2.0 wrote with NumPy 1.24, and what it says they hold.
namespace neve {
namespace {

const std::filesystem::path kFolder = test_data("vectors/entries");

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_holds(const Entry& entry, const Json& expected) {
  EXPECT_EQ(encode_entry_json(entry), expected["meta_json"].get<std::string>());
  ASSERT_EQ(entry.arrays.size(), expected["arrays"].size());
  for (const auto& [name, what] : expected["arrays"].items()) {
    ASSERT_TRUE(entry.arrays.contains(name)) << name;
    const Array& array = entry.arrays.at(name);
    EXPECT_EQ(array.dtype().descr(), what["descr"].get<std::string>()) << name;
    EXPECT_EQ(array.shape(), what["shape"].get<Shape>()) << name;
    EXPECT_EQ(array.order() == Order::fortran, what["fortran"].get<bool>()) << name;
    // Reversing the axes of a Fortran-ordered array's transpose gives its elements in C order.
    const std::string c_order = array.order() == Order::c ? std::string(array.bytes().text()) : [&] {
      const Array transpose(array.dtype(), Shape(array.shape().rbegin(), array.shape().rend()), Order::c,
                            array.bytes());
      return std::string(in_fortran_order(transpose).bytes().text());
    }();
    EXPECT_EQ(sha256_hex(c_order), what["sha256_c_order"].get<std::string>()) << name;
  }
}

TEST(EntryVectors, EveryEntryOfPhysPipelineDecodesToWhatItHolds) {
  const Json all = parse_json(read_text(kFolder / "EXPECTED.json"));
  ASSERT_EQ(all.size(), 20U);
  for (const auto& [key, expected] : all.items()) {
    SCOPED_TRACE(key);
    const std::string json = read_text(kFolder / (key + ".json"));
    const std::string npz = read_text(kFolder / (key + ".npz"));
    const DecodedEntry in_memory = decode_entry(key, as_byte_span(json), Bytes::copy_of(as_byte_span(npz)));
    EXPECT_FALSE(in_memory.seal.has_value());
    expect_holds(in_memory.entry, expected);
    expect_holds(decode_entry(key, as_byte_span(json), TextSource(npz)).entry, expected);
    EXPECT_EQ(encode_entry_json(in_memory.entry), json) << "the JSON file is written byte for byte as it was";
  }
}

TEST(EntryVectors, SurviveBeingWrittenAndReadByNeve) {
  const Json all = parse_json(read_text(kFolder / "EXPECTED.json"));
  for (const auto& [key, expected] : all.items()) {
    SCOPED_TRACE(key);
    const std::string json = read_text(kFolder / (key + ".json"));
    const Bytes npz = Bytes::from(read_text(kFolder / (key + ".npz")));
    const Entry entry = decode_entry(key, as_byte_span(json), npz).entry;
    const EncodedEntry encoded = encode_entry(entry, {key, std::nullopt, "{}"});
    const DecodedEntry again = decode_entry(key, as_byte_span(encoded.json), Bytes::from(joined(encoded.npz)));
    expect_holds(again.entry, expected);
    EXPECT_EQ(again.seal->key, key);
  }
}

}  // namespace
}  // namespace neve
