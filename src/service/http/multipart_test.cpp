#include "service/http/multipart.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::service {
namespace {

/// Gives `text` in pieces of at most `piece` bytes.
MultipartReader::Source source_of(std::string text, std::size_t piece) {
  return [text = std::move(text), piece, from = std::size_t{0}](std::span<std::byte> out) mutable {
    const std::size_t count = std::min({piece, out.size(), text.size() - from});
    std::memcpy(out.data(), text.data() + from, count);
    from += count;
    return count;
  };
}

struct Part {
  PartHead head;
  std::string content;
};

std::vector<Part> parts_of(const std::string& text, std::size_t piece = 1 << 20, std::size_t room = 7) {
  MultipartReader reader(source_of(text, piece), "B");
  std::vector<Part> parts;
  std::vector<std::byte> out(room);
  while (auto head = reader.next()) {
    Part part{*head, {}};
    for (std::size_t count = reader.read(out); count > 0; count = reader.read(out)) {
      part.content.append(reinterpret_cast<const char*>(out.data()), count);
    }
    parts.push_back(part);
  }
  return parts;
}

bool is_refused(const std::string& text) {
  try {
    (void)parts_of(text);
    return false;
  } catch (const Error& error) {
    return error.code() == ErrorCode::invalid_argument;
  }
}

const std::string kHead = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";

TEST(Multipart, GivesItsPartsHoweverTheyArrive) {
  const std::string text =
      "preamble\r\n--B \r\ncontent-disposition: form-data; name=name\r\n\r\nOrders\r\n"
      "--B\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a "
      "\\\"b\\\".csv\"\r\n\r\n"
      "x,y\r\n--Cis not it\r\n--\r\n\r\n--B\r\nContent-Disposition: form-data; name=empty\r\n\r\n\r\n--B--\r\nepilogue";
  for (std::size_t piece = 1; piece < 80; ++piece) {
    for (const std::size_t room : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
      const auto parts = parts_of(text, piece, room);
      ASSERT_EQ(parts.size(), 3U);
      EXPECT_EQ(parts[0].head.name, "name");
      EXPECT_EQ(parts[0].content, "Orders");
      EXPECT_EQ(parts[0].head.filename, std::nullopt);
      EXPECT_EQ(parts[1].head.name, "file");
      EXPECT_EQ(parts[1].head.filename, "a \"b\".csv");
      EXPECT_EQ(parts[1].head.content_type, "text/csv");
      EXPECT_EQ(parts[1].content, "x,y\r\n--Cis not it\r\n--\r\n") << "a boundary at piece " << piece;
      EXPECT_EQ(parts[2].content, "");
    }
  }
}

TEST(Multipart, PartsMayBePassedOver) {
  MultipartReader reader(source_of(kHead + std::string(100'000, 'x') + "\r\n" + kHead + "y\r\n--B--", 1000), "B");
  EXPECT_TRUE(reader.next().has_value());
  EXPECT_TRUE(reader.next().has_value());
  std::array<std::byte, 8> out;
  EXPECT_EQ(reader.read(out), 1U);
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.read(out), 0U);
}

TEST(Multipart, Utf8FilenamesAreUnderstood) {
  const auto parts = parts_of(
      "--B\r\nContent-Disposition: form-data; name=f; filename=plain; filename*=UTF-8''%C3%A9.csv\r\n\r\n\r\n--B--");
  EXPECT_EQ(parts.at(0).head.filename, "é.csv");
}

TEST(Multipart, RefusesWhatIsNone) {
  EXPECT_TRUE(is_refused(""));
  EXPECT_TRUE(is_refused("--C\r\n"));
  EXPECT_TRUE(is_refused("--B"));
  EXPECT_TRUE(is_refused(kHead + "no end"));
  EXPECT_TRUE(is_refused("--Bx\r\n\r\n"));
  EXPECT_TRUE(is_refused("--B\r\n\r\n\r\n--B--")) << "no name";
  EXPECT_TRUE(is_refused("--B\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--B--"));
  EXPECT_TRUE(is_refused("--B\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n--B--"));
  EXPECT_TRUE(is_refused("--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--B--"));
  EXPECT_TRUE(is_refused("--B\r\nno colon\r\n\r\n\r\n--B--"));
  EXPECT_TRUE(is_refused("--B\r\nA: " + std::string(10'000, 'x') + "\r\n\r\n\r\n--B--"));
  EXPECT_TRUE(is_refused("--B\r\nA: " + std::string(10'000'000, 'x')));
  std::string many;
  for (int i = 0; i < 33; ++i) many += kHead + "\r\n";
  EXPECT_TRUE(is_refused(many + "--B--"));
}

TEST(Multipart, APartInACodingOfMailIsRefusedAndNotTakenForItsContent) {
  const auto part_in = [](const std::string& coding) {
    return "--B\r\nContent-Disposition: form-data; name=file\r\nContent-Transfer-Encoding: " + coding +
           "\r\n\r\nYSxiCjEsMgo=\r\n--B--";
  };
  for (const char* as_it_is : {"binary", "8bit", "7bit", "Binary"}) EXPECT_FALSE(is_refused(part_in(as_it_is)));
  for (const char* coded : {"base64", "quoted-printable", "x-uuencode"}) EXPECT_TRUE(is_refused(part_in(coded)));
}

TEST(Multipart, TheBoundaryComesFromTheContentType) {
  EXPECT_EQ(multipart_boundary("text/csv"), std::nullopt);
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b\""), "a b");
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=xyz"), "xyz");
  EXPECT_THROW((void)multipart_boundary("multipart/form-data"), Error);
  EXPECT_THROW((void)multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), Error);
}

}  // namespace
}  // namespace neve::service
