// Feeds arbitrary bytes to the RESP parser in pieces of arbitrary size: it must refuse or parse them, within its
// limits, and the replies must not depend on how the bytes were cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include <neve/base/error.hpp>

#include "cache/redis/wire/reply_parser.hpp"

namespace {

using neve::redis::Reply;
using neve::redis::ReplyParser;

void print(const Reply& reply, std::string& out) {
  out += std::to_string(static_cast<int>(reply.kind)) + ":" + std::to_string(reply.integer) + ":";
  out += std::to_string(reply.bytes.size()) + ":" + std::string(reply.text());
  for (const Reply& item : reply.items) print(item, out);
  out += ';';
}

std::string parse(const std::uint8_t* data, std::size_t size, std::size_t step) {
  ReplyParser parser({.bytes = 1 << 20, .items = 1 << 12, .depth = 8});
  std::string out;
  try {
    std::size_t given = 0;
    for (;;) {
      while (auto reply = parser.next()) print(*reply, out);
      if (given == size) return out;
      const auto space = parser.space();
      const std::size_t count = std::min({space.size(), step, size - given});
      std::memcpy(space.data(), data + given, count);
      parser.commit(count);
      given += count;
    }
  } catch (const neve::Error&) {
    return out + "refused";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string whole = parse(data + 1, size - 1, SIZE_MAX);
  const std::string cut = parse(data + 1, size - 1, std::size_t{data[0]} + 1);
  if (whole != cut) std::abort();
  return 0;
}
