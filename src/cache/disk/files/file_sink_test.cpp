#include "cache/disk/files/file_sink.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class FileSinkInFolder : public testing::Test {
 protected:
  [[nodiscard]] FileSink sink(std::uint64_t limit = UINT64_MAX) { return {fd_.get(), "file", limit}; }
  [[nodiscard]] std::string content() const { return std::string(read_file(folder_.path() / "file")->text()); }

  TemporaryFolder folder_;
  FileDescriptor fd_{::open((folder_.path() / "file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)};
};

TEST_F(FileSinkInFolder, WritesPiecesOfAllSizesInOrder) {
  FileSink out = sink();
  std::string expected;
  for (const std::size_t size : {1UL, 100UL, 40'000UL, 0UL, 30'000UL, 20'000UL, 300'000UL, 5UL, 32'768UL}) {
    const std::string piece(size, static_cast<char>('a' + expected.size() % 26));
    out.write(as_byte_span(piece));
    expected += piece;
  }
  EXPECT_EQ(out.finish(), expected.size());
  EXPECT_EQ(content(), expected);
}

TEST_F(FileSinkInFolder, ChangesWhatWasWrittenWhereverItIs) {
  FileSink out = sink();
  std::string expected(100'000, '.');
  out.write(as_byte_span(expected));
  const std::string tail(1000, ',');
  out.write(as_byte_span(tail));
  expected += tail;
  // In the file, in the buffer, and across both.
  for (const std::size_t offset : {10UL, 100'500UL, 99'990UL}) {
    const std::string patch = "twenty characters ok";
    out.write_at(offset, as_byte_span(patch));
    expected.replace(offset, patch.size(), patch);
  }
  out.write(as_byte_span("end"));
  EXPECT_EQ(out.finish(), expected.size() + 3);
  EXPECT_EQ(content(), expected + "end");
}

TEST_F(FileSinkInFolder, RefusesMoreThanItsLimitBeforeWritingIt) {
  FileSink out = sink(1000);
  EXPECT_THROW(out.reserve(1001), Error);
  out.write(as_byte_span(std::string(1000, 'x')));
  EXPECT_THROW(out.write(as_byte_span("y")), Error);
}

}  // namespace
}  // namespace neve
