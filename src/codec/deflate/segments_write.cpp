#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>

#include "codec/deflate/crc32.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/deflate/second_thread.hpp"
#include "codec/deflate/segments.hpp"

namespace neve {
namespace {

// The calling thread emits segments in order and deflates whenever the next one is not ready; a second thread, if there
// is one, only deflates. At most `kWindow` segments are between "taken" and "emitted", which bounds the memory.
class SegmentWriter {
 public:
  SegmentWriter(Deflater deflater, ByteSpan head, ByteSpan body, std::uint32_t segment_bytes)
      : deflater_(deflater),
        head_(head),
        body_(body),
        segment_bytes_(segment_bytes),
        count_((head.size() + body.size() + segment_bytes - 1) / segment_bytes) {}

  SegmentedStream run(const std::function<void(ByteSpan)>& emit) {
    const SecondThread second(head_.size() + body_.size() >= kHelpFrom, [this] { help(); });
    try {
      emit_all(emit);
    } catch (...) {
      stop(std::current_exception());
    }
    if (failure_) std::rethrow_exception(failure_);
    return std::move(stream_);
  }

 private:
  static constexpr std::size_t kWindow = 8;

  struct Slot {
    std::unique_ptr<std::byte[]> memory;
    std::size_t content = 0;
    std::size_t length = 0;
    std::uint32_t content_crc = 0;
    std::uint32_t compressed_crc = 0;
    bool ready = false;
  };

  void emit_all(const std::function<void(ByteSpan)>& emit) {
    std::unique_lock lock(mutex_);
    while (emitted_ < count_ && !failure_) {
      Slot& slot = slots_[emitted_ % kWindow];
      if (slot.ready) {
        lock.unlock();
        emit({slot.memory.get(), slot.length});
        note(slot);
        lock.lock();
        slot.ready = false;
        ++emitted_;
        changed_.notify_all();
      } else if (may_take()) {
        deflate_next(lock);
      } else {
        changed_.wait(lock);
      }
    }
  }

  void help() noexcept {
    try {
      std::unique_lock lock(mutex_);
      while (true) {
        changed_.wait(lock, [this] { return may_take() || taken_ == count_ || failure_; });
        if (failure_ || taken_ == count_) return;
        deflate_next(lock);
      }
    } catch (...) {
      stop(std::current_exception());
    }
  }

  [[nodiscard]] bool may_take() const { return taken_ < count_ && taken_ < emitted_ + kWindow; }

  // Takes the next segment; the lock is open while it is deflated.
  void deflate_next(std::unique_lock<std::mutex>& lock) {
    const std::size_t index = taken_++;
    Slot& slot = slots_[index % kWindow];
    lock.unlock();
    deflate_into(index, slot);
    lock.lock();
    slot.ready = true;
    changed_.notify_all();
  }

  void deflate_into(std::size_t index, Slot& slot) const {
    const std::size_t capacity = segment_bound(segment_bytes_);
    if (!slot.memory) slot.memory = std::make_unique_for_overwrite<std::byte[]>(capacity);
    const ByteSpan head = index == 0 ? head_ : ByteSpan();
    const std::size_t start = index == 0 ? 0 : index * segment_bytes_ - head_.size();
    const ByteSpan body = body_.subspan(start, std::min(segment_bytes_ - head.size(), body_.size() - start));
    const SegmentPlace place = index + 1 == count_ ? SegmentPlace::last : SegmentPlace::inner;
    slot.length = deflate_segment(deflater_, head, body, place, {slot.memory.get(), capacity});
    slot.content = head.size() + body.size();
    slot.content_crc = crc32(crc32(0, head), body);
    slot.compressed_crc = crc32(0, {slot.memory.get(), slot.length});
  }

  void note(const Slot& slot) {
    stream_.content_crc = crc32_combine(stream_.content_crc, slot.content_crc, slot.content);
    stream_.compressed_crc = crc32_combine(stream_.compressed_crc, slot.compressed_crc, slot.length);
    stream_.compressed += slot.length;
    stream_.lengths.push_back(static_cast<std::uint32_t>(slot.length));
  }

  void stop(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    changed_.notify_all();
  }

  const Deflater deflater_;
  const ByteSpan head_;
  const ByteSpan body_;
  const std::uint32_t segment_bytes_;
  const std::size_t count_;
  SegmentedStream stream_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t taken_ = 0;
  std::size_t emitted_ = 0;
  std::exception_ptr failure_;
  std::array<Slot, kWindow> slots_;
};

}  // namespace

SegmentedStream deflate_segments(Deflater deflater, ByteSpan head, ByteSpan body, std::uint32_t segment_bytes,
                                 const std::function<void(ByteSpan)>& emit) {
  return SegmentWriter(deflater, head, body, segment_bytes).run(emit);
}

}  // namespace neve
