// Multipart bodies: nothing crashes, memory stays bounded, and parts are the same however the bytes arrive.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>

#include "require.hpp"
#include "service/http/multipart.hpp"

using namespace neve;
using neve::fuzz::require;
using namespace neve::service;

namespace {

/// All parts as one text; ends in "!" if the body is malformed from there on.
std::string parts_of(std::string_view text, std::size_t piece, std::size_t room) {
  MultipartReader reader(
      [&](std::span<std::byte> out) {
        const std::size_t count = std::min({piece, out.size(), text.size()});
        std::memcpy(out.data(), text.data(), count);
        text.remove_prefix(count);
        return count;
      },
      "B");
  std::string all;
  std::vector<std::byte> out(room);
  try {
    while (const auto head = reader.next()) {
      all += "[" + head->name + "|" + head->filename.value_or("-") + "|" + head->content_type + "]";
      for (std::size_t count = reader.read(out); count > 0; count = reader.read(out)) {
        all.append(reinterpret_cast<const char*>(out.data()), count);
      }
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid_argument, "another error");
    all = "!";
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string whole = parts_of(text, size + 1, 4096);
  require(parts_of(text, 1, 1) == whole, "single bytes give other parts");
  require(parts_of(text, 7, 64) == whole, "pieces give other parts");
  try {
    (void)multipart_boundary(text);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::invalid_argument, "another error");
  }
  return 0;
}
