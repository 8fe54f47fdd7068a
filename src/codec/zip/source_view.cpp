#include "codec/zip/source_view.hpp"

#include <cstring>

#include <neve/base/buffer.hpp>

namespace neve {
namespace {

// One read of everything is faster than several of parts; arrays cut out of it share the memory.
constexpr std::uint64_t kReadWholeUpTo = std::uint64_t{64} << 10;

}  // namespace

SourceView::SourceView(const NpzSource& source) : source_(&source), size_(source.size()), whole_(source.in_memory()) {
  if (whole_) {
    size_ = whole_->size();
  } else if (size_ <= kReadWholeUpTo) {
    Buffer buffer(static_cast<std::size_t>(size_));
    if (size_ != 0) source.read(0, buffer.span());
    whole_ = std::move(buffer).freeze();
  }
}

ByteSpan SourceView::view(std::uint64_t offset, std::size_t bytes, std::vector<std::byte>& scratch) const {
  if (whole_) return whole_->span().subspan(offset, bytes);
  scratch.resize(bytes);
  source_->read(offset, scratch);
  return scratch;
}

void SourceView::read(std::uint64_t offset, std::span<std::byte> out) const {
  if (whole_) {
    if (!out.empty()) std::memcpy(out.data(), whole_->data() + offset, out.size());
  } else {
    source_->read(offset, out);
  }
}

}  // namespace neve
