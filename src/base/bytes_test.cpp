#include <gtest/gtest.h>

#include <neve/base/buffer.hpp>
#include <neve/base/bytes.hpp>
#include <neve/base/error.hpp>

namespace neve {
namespace {

TEST(Bytes, SliceKeepsTheOwnerAlive) {
  Bytes slice;
  {
    const Bytes whole = Bytes::from(std::string("the snow that outlasts the season"));
    slice = whole.slice(4, 4);
  }
  EXPECT_EQ(slice.text(), "snow");
  EXPECT_TRUE(slice.owned());
}

TEST(Bytes, SliceOutsideIsRefused) {
  const Bytes whole = Bytes::from(std::string("abc"));
  EXPECT_EQ(whole.slice(3, 0).size(), 0U);
  EXPECT_THROW((void)whole.slice(4, 0), Error);
  EXPECT_THROW((void)whole.slice(1, 3), Error);
  EXPECT_THROW((void)whole.slice(1, SIZE_MAX), Error);
}

TEST(Bytes, FromVectorTakesTheElementsOver) {
  std::vector<double> values{1.5, 2.5};
  const void* before = values.data();
  const Bytes bytes = Bytes::from(std::move(values));
  EXPECT_EQ(bytes.data(), before);
  EXPECT_EQ(bytes.size(), 16U);
}

TEST(Buffer, IsAlignedSmallAndLarge) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100}, std::size_t{5} << 20}) {
    Buffer buffer(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % 64, 0U);
    for (std::byte& b : buffer.span()) b = std::byte{7};
    const Bytes bytes = std::move(buffer).freeze();
    EXPECT_EQ(bytes.size(), size);
  }
}

TEST(Buffer, AbsurdSizeIsRefusedNotAttempted) {
  try {
    const Buffer buffer(std::size_t{1} << 62);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::too_large);
  }
}

}  // namespace
}  // namespace neve
