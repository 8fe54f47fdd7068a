#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/codec/npz.hpp>

#include "codec/byte_recipes.hpp"
#include "codec/npz/npz_archive.hpp"
#include "codec/zip/zip_directory.hpp"

namespace neve {
namespace {

using namespace std::string_literals;

std::string streamed(const ArrayMap& arrays, const NpzWriteOptions& options = {}) {
  MemorySink sink;
  write_npz(arrays, options, sink);
  EXPECT_LE(sink.reserved, sink.text.size()) << "a reservation is a lower bound";
  return sink.text;
}

NpzContents read_in_memory(const std::string& file) { return read_npz(Bytes::copy_of(as_byte_span(file))); }

// An archive with the sizes at which the format changes its ways made small.
std::string tuned(const ArrayMap& arrays, const ArchiveTuning& tuning) {
  PieceOutput pieces;
  write_archive(arrays, {Compression::adaptive, 64, tuning}, {}, pieces);
  MemorySink sink;
  SinkOutput stream(sink);
  write_archive(arrays, {Compression::adaptive, 64, tuning}, {}, stream);
  stream.finish();
  EXPECT_EQ(joined(pieces.finish()), sink.text);
  return sink.text;
}

// A random archive; what it holds depends on the seed only.
ArrayMap random_arrays(std::uint64_t seed) {
  static constexpr const char* kDescrs[] = {"|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2",     "<u4",   "<u8", "<f2",
                                            "<f4", "<f8", "<c8", ">i2", ">i4", ">f8", "<c16",    ">c16",  "|S5", "<U3",
                                            ">U4", "<m8", "|S1", ">u8", ">c8", "|S0", "<M8[ns]", ">M8[D]"};
  static constexpr const char* kNames[] = {"x", "caf\u00e9", "a/b", "with space", "\u03bb \u2192 \u221e", "", "x.npy"};
  std::mt19937_64 random(seed);
  ArrayMap arrays;
  for (std::size_t i = random() % 6; i > 0; --i) {
    const DType dtype = DType::parse(kDescrs[random() % std::size(kDescrs)]);
    Shape shape;
    for (std::size_t axes = random() % 4; axes > 0; --axes) shape.push_back(random() % (random() % 8 == 0 ? 60 : 9));
    const Order order = random() % 3 == 0 ? Order::fortran : Order::c;
    const std::size_t bytes = element_count(shape, dtype.item_size()) * dtype.item_size();
    arrays.emplace(kNames[random() % std::size(kNames)],
                   array_of(dtype, shape, order,
                            random() % 2 == 0 ? random_bytes(bytes, random()) : wordy_bytes(bytes, random())));
  }
  return arrays;
}

TEST(Npz, RandomArchivesSurviveTheRoundTripInEveryWay) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const ArrayMap arrays = random_arrays(seed);
    for (const Compression compression : {Compression::adaptive, Compression::store, Compression::small}) {
      const NpzWriteOptions options{compression, std::uint32_t{64} << seed % 7, as_byte_span("a comment")};
      const std::string file = streamed(arrays, options);
      EXPECT_EQ(joined(gather_npz(arrays, options)), file) << "streamed and gathered are the same bytes";
      const NpzContents read = read_in_memory(file);
      EXPECT_EQ(read.arrays, arrays);
      EXPECT_EQ(read.comment.text(), "a comment");
      const NpzContents piecewise = read_npz(TextSource(file));
      EXPECT_EQ(piecewise.arrays, arrays);
      EXPECT_EQ(piecewise.structure_digest, read.structure_digest);
    }
  }
}

TEST(Npz, SegmentsAndZip64SurviveTheRoundTripAtEverySize) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const std::size_t bytes = 4096 + random() % 300'000;
    const std::string content =
        seed % 4 == 0 ? wordy_bytes(bytes / 2, seed) + random_bytes(bytes - bytes / 2, seed) : wordy_bytes(bytes, seed);
    const ArrayMap arrays{{"v", array_of(DType::parse("|u1"), {bytes}, Order::c, content)},
                          {"w", random_array(DType::of<float>(), {seed}, Order::c, seed)}};
    const auto segment_bytes = static_cast<std::uint32_t>(1000 + random() % 100'000);
    for (const std::uint64_t zip64_from : {std::uint64_t{zip::kSaturated32}, std::uint64_t{300}, std::uint64_t{1}}) {
      const std::string file = tuned(arrays, {4096, segment_bytes, zip64_from});
      EXPECT_EQ(read_in_memory(file).arrays, arrays);
      EXPECT_EQ(read_npz(TextSource(file)).arrays, arrays);
    }
  }
}

TEST(Npz, NoArraysAreExactlyAnEndRecord) {
  EXPECT_EQ(streamed({}), "PK\x05\x06"s + std::string(18, '\0'));
  EXPECT_EQ(joined(gather_npz({}, {})), streamed({}));
  EXPECT_TRUE(read_in_memory(streamed({})).arrays.empty());
}

TEST(Npz, TheSameArraysGiveTheSameBytes) {
  const std::string content = wordy_bytes(9 << 20, 5);
  const ArrayMap arrays{{"big", array_of(DType::of<double>(), {9 << 17}, Order::c, content)},
                        {"medium", array_of(DType::of<double>(), {1 << 14}, Order::c, wordy_bytes(1 << 17, 6))}};
  const std::string file = streamed(arrays);
  EXPECT_LT(file.size(), content.size() / 2) << "segments were deflated";
  (void)streamed({{"other", random_array(DType::of<double>(), {1 << 12}, Order::c, 9)}}, {Compression::small, 64, {}});
  EXPECT_EQ(streamed(arrays), file);
  EXPECT_EQ(joined(gather_npz(arrays, {})), file);
  EXPECT_EQ(read_in_memory(file).arrays, arrays);
  EXPECT_EQ(read_npz(TextSource(file)).arrays, arrays);
}

TEST(Npz, OnlyDataThatShrinkAreDeflated) {
  const auto size_as = [](const std::string& content, Compression compression) {
    const std::size_t bytes = content.size();
    return streamed({{"v", array_of(DType::parse("|u1"), {bytes}, Order::c, content)}}, {compression, 64, {}}).size();
  };
  for (const std::size_t bytes : {8192, 65536, 1 << 20, 5 << 20}) {
    EXPECT_GT(size_as(random_bytes(bytes, 1), Compression::adaptive), bytes) << "noise is stored";
    EXPECT_LT(size_as(wordy_bytes(bytes, 1), Compression::adaptive), bytes * 2 / 3);
    EXPECT_GT(size_as(wordy_bytes(bytes, 1), Compression::store), bytes);
    EXPECT_LT(size_as(wordy_bytes(bytes, 1), Compression::small), bytes * 2 / 3);
    EXPECT_GT(size_as(random_bytes(bytes, 1), Compression::small), bytes);
  }
  EXPECT_GT(size_as(std::string(4000, 'x'), Compression::adaptive), 4000U) << "short arrays are stored";
}

TEST(Npz, GridsWhoseSlicesRepeatAreDeflated) {
  // As numpy.meshgrid makes them: every row, or in the other order every column, is the same.
  for (const Order order : {Order::c, Order::fortran}) {
    for (const std::size_t extent : {300, 700, 1024}) {
      const std::string slice = random_bytes(extent * 8, 3);
      std::string content;
      for (int i = 0; i < 200; ++i) content += slice;
      const Shape shape = order == Order::c ? Shape{200, extent} : Shape{extent, 200};
      const ArrayMap arrays{{"grid", array_of(DType::of<double>(), shape, order, content)}};
      for (const Compression compression : {Compression::adaptive, Compression::small}) {
        const std::string file = streamed(arrays, {compression, 64, {}});
        EXPECT_LT(file.size(), content.size() / (compression == Compression::small ? 20 : 1) * 9 / 10) << extent;
        EXPECT_EQ(read_in_memory(file).arrays, arrays);
      }
    }
  }
}

TEST(Npz, LongMembersAreSegmentedWhateverDeflatesThem) {
  const ArrayMap arrays{{"w", array_of(DType::parse("|u1"), {5 << 20}, Order::c, wordy_bytes(5 << 20, 7))}};
  for (const Compression compression : {Compression::adaptive, Compression::small}) {
    const std::string file = streamed(arrays, {compression, 64, {}});
    const SourceView view(Bytes::copy_of(as_byte_span(file)));
    const zip::Directory directory = zip::read_directory(view, {});
    ASSERT_EQ(directory.members.size(), 1U);
    EXPECT_EQ(directory.members[0].note.segment_lengths.size(), 6U) << "5 MiB and a header, 1 MiB each";
    EXPECT_EQ(read_in_memory(file).arrays, arrays);
  }
}

TEST(Npz, StoredElementsLieAlignedInTheFileAndAreReadAsSlices) {
  for (const std::uint32_t alignment : {64U, 512U, 4096U}) {
    const ArrayMap arrays{{"a", random_array(DType::of<double>(), {3}, Order::c, 1)},
                          {"odd name", random_array(DType::of<std::int8_t>(), {1001}, Order::c, 2)},
                          {"z", random_array(DType::of<double>(), {100, 70}, Order::c, 3)}};
    const Bytes file = Bytes::from(streamed(arrays, {Compression::store, alignment, {}}));
    for (const auto& [name, array] : read_npz(file).arrays) {
      const std::ptrdiff_t offset = array.bytes().data() - file.data();
      ASSERT_TRUE(offset > 0 && offset < static_cast<std::ptrdiff_t>(file.size())) << name << " is a copy";
      EXPECT_EQ(offset % alignment, 0) << name;
      EXPECT_TRUE(array.bytes().owned());
    }
  }
  for (const std::uint32_t alignment : {0U, 32U, 96U, 8192U}) {
    EXPECT_THROW((void)streamed({}, {Compression::store, alignment, {}}), Error);
  }
}

TEST(Npz, ArraysThatLieAskewInMemoryAreCopiedIntoPlace) {
  const ArrayMap arrays{{"z", random_array(DType::of<double>(), {70'000}, Order::c, 3)}};
  const Bytes shifted = Bytes::from("x" + streamed(arrays));
  const ArrayMap read = read_npz(shifted.slice(1, shifted.size() - 1)).arrays;
  EXPECT_EQ(read, arrays);
  EXPECT_EQ(read.at("z").as<double>().size(), 70'000U) << "aligned, or as<double> would have thrown";
}

TEST(Npz, LargeStoredArraysAreNeverCopied) {
  class WatchingSink final : public NpzSink {
   public:
    explicit WatchingSink(ByteSpan array) : array_(array) {}
    void reserve(std::uint64_t) override {}
    void write(ByteSpan bytes) override {
      const bool inside = bytes.data() >= array_.data() && bytes.data() < array_.data() + array_.size();
      (inside ? from_array : elsewhere) += bytes.size();
      longest = std::max(longest, bytes.size());
    }
    void write_at(std::uint64_t, ByteSpan bytes) override { elsewhere += bytes.size(); }

    std::size_t from_array = 0;
    std::size_t elsewhere = 0;
    std::size_t longest = 0;

   private:
    ByteSpan array_;
  };
  const Array array = random_array(DType::of<double>(), {1 << 20}, Order::c, 4);
  WatchingSink sink(array.bytes().span());
  write_npz({{"v", array}}, {}, sink);
  EXPECT_LT(sink.elsewhere, 70'000U);
  EXPECT_EQ(sink.from_array + 65'536 > array.bytes().size(), true);
  EXPECT_LE(sink.longest, 2U << 20) << "blocks that stay in the cache";

  std::size_t borrowed = 0;
  for (const Bytes& piece : gather_npz({{"v", array}}, {})) {
    if (piece.data() >= array.bytes().data() && piece.data() < array.bytes().data() + array.bytes().size()) {
      borrowed += piece.size();
    }
  }
  EXPECT_GT(borrowed + 16'384, array.bytes().size());
}

TEST(Npz, ArraysThatTwoThreadsReadComeBackAndAreVerified) {
  const ArrayMap arrays{{"v", random_array(DType::of<double>(), {(17 << 17) + 5}, Order::c, 6)}};
  std::string file = streamed(arrays);
  EXPECT_TRUE(read_in_memory(file).arrays == arrays);
  EXPECT_TRUE(read_npz(TextSource(file)).arrays == arrays);
  const Bytes shifted = Bytes::from("x" + file);
  EXPECT_TRUE(read_npz(shifted.slice(1, file.size())).arrays == arrays);
  file[9 << 20] ^= 1;
  EXPECT_THROW((void)read_npz(TextSource(file)), Error);
  EXPECT_THROW((void)read_in_memory(file), Error);
}

TEST(Npz, ASmallArchiveIsOneWrite) {
  MemorySink sink;
  write_npz({{"v", random_array(DType::of<double>(), {1024}, Order::c, 4)}}, {}, sink);
  EXPECT_EQ(sink.writes, 1);
  EXPECT_EQ(sink.patches, 0);
  EXPECT_EQ(gather_npz({{"v", random_array(DType::of<double>(), {1024}, Order::c, 4)}}, {}).size(), 1U);
}

TEST(Npz, NamesThatNoArchiveMayHoldAreRefused) {
  const Array array = Array::scalar(1);
  for (const std::string& name : {"a\0b"s, ".."s, "../x"s, "a/../b"s, "a\\.."s, "/etc/x"s, "\\x"s, "\xff"s,
                                  "\xed\xa0\x80"s, "\xc0\x80"s, std::string(5000, 'n')}) {
    try {
      (void)gather_npz({{name, array}}, {});
      ADD_FAILURE() << "accepted " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    }
  }
  for (const std::string& name :
       {""s, "..a"s, "a..b/c"s, "a/b"s, "a b"s, "caf\u00e9"s, "."s, "a:b"s, std::string(4096, 'n')}) {
    EXPECT_EQ(read_in_memory(streamed({{name, array}})).arrays.count(name), 1U) << name;
  }
}

TEST(Npz, AFailingSinkStopsTheWriterCleanly) {
  class FullSink final : public NpzSink {
   public:
    explicit FullSink(std::size_t room) : room_(room) {}
    void reserve(std::uint64_t) override {}
    void write(ByteSpan bytes) override {
      if (bytes.size() > room_) throw Error(ErrorCode::io, "no space left");
      room_ -= bytes.size();
    }
    void write_at(std::uint64_t, ByteSpan) override {}

   private:
    std::size_t room_;
  };
  const ArrayMap arrays{{"v", array_of(DType::of<double>(), {3 << 18}, Order::c, wordy_bytes(6 << 20, 1))}};
  for (const std::size_t room : {0U, 100U, 1000U, 100'000U, 500'000U, 1'000'000U}) {
    FullSink sink(room);
    EXPECT_THROW(write_npz(arrays, {}, sink), Error) << room;
  }
  const ArrayMap many_blocks{{"v", random_array(DType::of<double>(), {5 << 20}, Order::c, 5)}};
  for (const std::size_t room : {0U, 100'000U, 3'000'000U, 39'000'000U}) {
    FullSink sink(room);
    EXPECT_THROW(write_npz(many_blocks, {}, sink), Error) << room;
  }
}

TEST(Npz, AnArrayOfManyBlocksIsWrittenAndReadByTwoThreadsAsItIs) {
  constexpr std::size_t kElements = ((std::size_t{35} << 20) + 8) / 8;  // no whole number of blocks, nor of pieces
  const ArrayMap arrays{{"noise", random_array(DType::of<double>(), {kElements}, Order::c, 3)}};
  const std::string file = streamed(arrays);
  EXPECT_EQ(streamed(arrays), file);
  EXPECT_EQ(joined(gather_npz(arrays, {})), file);
  EXPECT_EQ(read_in_memory(file).arrays, arrays);  // which checks what the writer wrote
}

TEST(Npz, LimitsAreHeld) {
  const std::string file = streamed({{"a", random_array(DType::of<double>(), {100}, Order::c, 1)},
                                     {"b", random_array(DType::of<double>(), {100}, Order::c, 2)}});
  const auto code_with = [&](const NpzReadLimits& limits) {
    try {
      (void)read_npz(TextSource(file), limits);
      return ErrorCode::internal;
    } catch (const Error& error) {
      return error.code();
    }
  };
  EXPECT_EQ(code_with({.array_bytes = 1800}), ErrorCode::too_large);
  EXPECT_EQ(code_with({.members = 1}), ErrorCode::too_large);
  EXPECT_NO_THROW((void)read_npz(TextSource(file), {.array_bytes = 1856, .members = 2}));
}

}  // namespace
}  // namespace neve
