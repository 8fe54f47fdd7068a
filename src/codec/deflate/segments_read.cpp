#include <algorithm>
#include <memory>
#include <string>

#include <neve/base/error.hpp>

#include "codec/deflate/crc32.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/deflate/segments.hpp"
#include "codec/deflate/shared_work.hpp"

namespace neve {
namespace {

using ReadCompressed = std::function<void(std::uint64_t, std::span<std::byte>)>;

class SegmentReader {
 public:
  SegmentReader(std::span<const std::uint32_t> lengths, std::uint32_t segment_bytes, std::span<std::byte> out,
                const ReadCompressed& read)
      : lengths_(lengths), segment_bytes_(segment_bytes), out_(out), read_(read), segments_(lengths.size()) {
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      segments_[i].offset = offset;
      offset += lengths[i];
      longest_ = std::max<std::size_t>(longest_, lengths[i]);
    }
  }

  SegmentChecksums run() {
    share_work(segments_.size(), out_.size() >= kHelpFrom, [this](WorkQueue& queue) {
      const auto memory = std::make_unique_for_overwrite<std::byte[]>(longest_);
      for (std::size_t i = queue.take(); i < segments_.size(); i = queue.take())
        inflate(i, {memory.get(), lengths_[i]});
    });
    SegmentChecksums sums;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      sums.content_crc = crc32_combine(sums.content_crc, segments_[i].content_crc, content_of(i).size());
      sums.compressed_crc = crc32_combine(sums.compressed_crc, segments_[i].compressed_crc, lengths_[i]);
    }
    return sums;
  }

 private:
  struct Segment {
    std::uint64_t offset = 0;
    std::uint32_t content_crc = 0;
    std::uint32_t compressed_crc = 0;
  };

  [[nodiscard]] std::span<std::byte> content_of(std::size_t index) const {
    const std::size_t start = index * segment_bytes_;
    return out_.subspan(start, std::min<std::size_t>(segment_bytes_, out_.size() - start));
  }

  void inflate(std::size_t index, std::span<std::byte> compressed) {
    Segment& segment = segments_[index];
    read_(segment.offset, compressed);
    segment.compressed_crc = crc32(0, compressed);
    const SegmentPlace place = index + 1 == segments_.size() ? SegmentPlace::last : SegmentPlace::inner;
    const std::span<std::byte> content = content_of(index);
    if (!inflate_segment(compressed, place, content)) {
      throw Error(ErrorCode::corrupt, "segment " + std::to_string(index) + " of " + std::to_string(segments_.size()) +
                                          " does not inflate to " + std::to_string(content.size()) + " bytes");
    }
    segment.content_crc = crc32(0, content);
  }

  const std::span<const std::uint32_t> lengths_;
  const std::uint32_t segment_bytes_;
  const std::span<std::byte> out_;
  const ReadCompressed& read_;
  std::vector<Segment> segments_;
  std::size_t longest_ = 0;
};

}  // namespace

SegmentChecksums inflate_segments(std::span<const std::uint32_t> lengths, std::uint32_t segment_bytes,
                                  std::span<std::byte> out, const ReadCompressed& read) {
  return SegmentReader(lengths, segment_bytes, out, read).run();
}

}  // namespace neve
