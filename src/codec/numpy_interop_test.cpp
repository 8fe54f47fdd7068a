#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/entry.hpp>
#include <neve/codec/npy.hpp>

#include "codec/byte_recipes.hpp"
#include "codec/npz/npz_archive.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_data.hpp"

// Files exchanged with the real NumPy and zipfile in both directions; the scripts are in tests/interop/.
namespace neve {
namespace {

using std::filesystem::path;

::testing::AssertionResult run_script(const std::string& name, const path& folder) {
  const std::string command = "'" NEVE_PYTHON "' '" + test_data("interop/" + name) + "' '" + folder.string() + "'";
  const int status = std::system(command.c_str());
  if (status == 0) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << command << " ended with status " << status;
}

std::string elements_in_c_order(const Array& array) {
  if (array.order() == Order::c) return std::string(array.bytes().text());
  const Array transpose(array.dtype(), Shape(array.shape().rbegin(), array.shape().rend()), Order::c, array.bytes());
  return std::string(in_fortran_order(transpose).bytes().text());
}

Json description(const Array& array) {
  return {{"descr", array.dtype().descr()},
          {"shape", array.shape()},
          {"fortran", array.order() == Order::fortran},
          {"sha256", sha256_hex(elements_in_c_order(array))}};
}

// The files of write_with_numpy.py, made once.
class NumPyFiles : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    ASSERT_TRUE(run_script("write_with_numpy.py", folder_->path()));
  }
  static void TearDownTestSuite() { folder_.reset(); }

  [[nodiscard]] static Bytes file(const std::string& name) { return read_file(folder_->path() / name).value(); }
  [[nodiscard]] static Json index() { return parse_json(file("index.json").text()); }

 private:
  inline static std::unique_ptr<TemporaryFolder> folder_;
};

TEST_F(NumPyFiles, AreReadWhateverWayTheyWereWritten) {
  const Json all = index();
  ASSERT_GT(all["read"].size(), 25U);
  for (const auto& [name_of_file, expected] : all["read"].items()) {
    SCOPED_TRACE(name_of_file);
    const Bytes bytes = file(name_of_file);
    const ArrayMap arrays = read_npz(bytes).arrays;
    EXPECT_EQ(read_npz(TextSource(std::string(bytes.text()))).arrays, arrays);
    ASSERT_EQ(arrays.size(), expected.size());
    for (const auto& [name, array] : arrays) {
      ASSERT_TRUE(expected.contains(name)) << name;
      ASSERT_EQ(description(array), expected[name]) << name;
    }
  }
}

TEST_F(NumPyFiles, HoldingWhatNeveDoesNotAreRefusedByName) {
  const Json all = index();
  ASSERT_GT(all["refused"].size(), 10U);
  for (const auto& [name_of_file, words] : all["refused"].items()) {
    try {
      (void)read_npz(file(name_of_file));
      ADD_FAILURE() << "read " << name_of_file;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(words.get<std::string>()), std::string::npos) << error.what();
    }
  }
}

// Collects files together with what NumPy should find in them.
class Outbox {
 public:
  explicit Outbox(path folder) : folder_(std::move(folder)) {}
  ~Outbox() { std::ofstream(folder_ / "index.json") << dump_spaced_json(index_); }
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void add(const std::string& file, const std::string& bytes, const ArrayMap& arrays) {
    std::ofstream(folder_ / file, std::ios::binary) << bytes;
    Json& expected = index_[file] = Json::object();
    for (const auto& [name, array] : arrays) expected[name] = description(array);
  }

 private:
  path folder_;
  Json index_ = Json::object();
};

ArrayMap every_dtype() {
  ArrayMap arrays;
  for (const char* descr : {"|b1", "|i1",  "<i2",  ">i2", "<i4", ">i4",     "<i8",    ">i8",      "|u1", "<u2", ">u2",
                            "<u4", ">u4",  "<u8",  ">u8", "<f2", ">f2",     "<f4",    ">f4",      "<f8", ">f8", "<c8",
                            ">c8", "<c16", ">c16", "|S5", "<U2", "<M8[ns]", ">M8[D]", "<m8[25s]", "<m8"}) {
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{7}, Shape{3, 4}, Shape{2, 3, 5}, Shape{0, 4}}) {
      const DType dtype = DType::parse(descr);
      std::string bytes = random_bytes(element_count(shape, dtype.item_size()) * dtype.item_size(), arrays.size());
      // Any bits are a number, but not every bit pattern is a bool or a character.
      if (dtype.kind() == 'b' || dtype.kind() == 'U') std::fill(bytes.begin(), bytes.end(), '\0');
      const Array array = array_of(dtype, shape, Order::c, bytes);
      arrays.emplace(descr + std::to_string(arrays.size()), array);
      if (shape.size() > 1) arrays.emplace(descr + std::to_string(arrays.size()), in_fortran_order(array));
    }
  }
  return arrays;
}

ArrayMap large_arrays() {
  return {{"a\u00e9\u03bb", array_of(DType::of<double>(), {5 << 17}, Order::c, wordy_bytes(5 << 20, 1))},
          {"a/b", array_of(DType::of<float>(), {1000, 33}, Order::fortran, wordy_bytes(132'000, 2))},
          {"noise", random_array(DType::of<double>(), {200'000}, Order::c, 3)},
          {"short", array_of(DType::of<double>(), {1000}, Order::c, wordy_bytes(8000, 4))},
          {"", Array::scalar(1.5)}};
}

TEST(NumPyInterop, WhatNeveWritesIsReadByNumPy) {
  const TemporaryFolder folder;
  {
    Outbox outbox(folder.path());
    for (const Compression compression : {Compression::adaptive, Compression::store, Compression::small}) {
      const std::string suffix = "-" + std::to_string(static_cast<int>(compression)) + ".npz";
      outbox.add("none" + suffix, joined(gather_npz({}, {compression, 64, {}})), {});
      outbox.add("dtypes" + suffix, joined(gather_npz(every_dtype(), {compression, 64, {}})), every_dtype());
      outbox.add("large" + suffix, joined(gather_npz(large_arrays(), {compression, 4096, {}})), large_arrays());
      const Entry entry{Json::object(), large_arrays()};
      const EncodedEntry sealed = encode_entry(entry, {"key", TimePoint(), "{}"}, {compression, 64});
      outbox.add("sealed" + suffix, joined(sealed.npz), large_arrays());
    }
    for (const ArchiveTuning& tuning : {ArchiveTuning{4096, 1000, zip::kSaturated32}, ArchiveTuning{4096, 70'000, 1},
                                        ArchiveTuning{std::uint64_t{1} << 40, 1, 100}}) {
      PieceOutput output;
      const ArrayMap arrays = large_arrays();  // the pieces borrow from it
      write_archive(arrays, {Compression::adaptive, 64, tuning}, {}, output);
      outbox.add("tuned-" + std::to_string(tuning.segment_bytes) + ".npz", joined(output.finish()), arrays);
    }
    int number = 0;
    for (const auto& [name, array] : every_dtype()) {
      outbox.add(std::to_string(number++) + ".npy", joined(gather_npy(array)), {{"", array}});
    }
  }
  EXPECT_TRUE(run_script("read_with_numpy.py", folder.path()));
}

}  // namespace
}  // namespace neve
