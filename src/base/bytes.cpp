#include <neve/base/bytes.hpp>

#include <cstring>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>

namespace neve {

Bytes Bytes::copy_of(ByteSpan span) {
  Buffer buffer(span.size());
  if (!span.empty()) std::memcpy(buffer.data(), span.data(), span.size());
  return std::move(buffer).freeze();
}

Bytes Bytes::slice(std::size_t offset, std::size_t count) const {
  if (offset > span_.size() || count > span_.size() - offset) {
    throw Error(ErrorCode::invalid_argument, "slice of " + std::to_string(count) + " bytes at " +
                                                 std::to_string(offset) + " is outside the " +
                                                 std::to_string(span_.size()) + " bytes there are");
  }
  return Bytes(span_.subspan(offset, count), owner_);
}

}  // namespace neve
