#include "codec/deflate/two_halves.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <new>
#include <thread>

namespace neve {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::unique_ptr<std::byte[]> memory_for(std::size_t bytes) {
  return std::make_unique_for_overwrite<std::byte[]>(bytes);
}

/// Where other work has the processors a second thread is late again and again, and only takes from the first. After
/// it was late the whole process does the next one without it, and the next three while it goes on being late. Safe
/// from any thread; a count lost between two of them matters little.
class Lateness {
 public:
  [[nodiscard]] bool worth_trying() noexcept {
    const unsigned left = pause_;
    if (left != 0) pause_ = left - 1;
    return left == 0;
  }
  void note(bool late) noexcept {
    constexpr unsigned kLongest = 3;
    length_ = late ? std::min(2 * length_ + 1, kLongest) : 0;
    if (late) pause_ = length_.load();
  }

 private:
  std::atomic<unsigned> pause_{0};
  std::atomic<unsigned> length_{0};
};

Lateness lateness;

/// The second half and what it refers back to, one after the other. The other thread copies them first, so that whoever
/// then waits for it in vain may go on, and its memory go, without it: the system may let a thread stand for many times
/// as long as all of the work takes.
class SecondHalf {
 public:
  /// The result has room for `room` bytes.
  SecondHalf(ByteSpan before, ByteSpan half, std::size_t room)
      : borrowed_{before.data(), before.size() + half.size()}, before_bytes_(before.size()), room_(room) {}

  /// For the other thread.
  void deflate() noexcept {
    Progress expected = Progress::expected;
    if (!progress_.compare_exchange_strong(expected, Progress::begun)) return;
    try {
      const auto input = memory_for(borrowed_.size());
      std::memcpy(input.get(), borrowed_.data(), borrowed_.size());
      const ByteSpan copy{input.get(), borrowed_.size()};
      progress_ = Progress::copied;
      output_ = memory_for(room_);
      IsalStream stream;
      written_ = stream.deflate(copy.first(before_bytes_), copy.subspan(before_bytes_), PieceEnd::last,
                                {output_.get(), room_});
    } catch (const std::bad_alloc&) {
      // Nothing is written.
    }
    progress_ = Progress::done;
  }

  /// The deflated half; nothing if it has not been begun, is not done when `patience` has passed, or did not fit. The
  /// caller's memory is no longer needed then.
  [[nodiscard]] ByteSpan result_within(SteadyClock::duration patience) {
    Progress expected = Progress::expected;
    if (progress_.compare_exchange_strong(expected, Progress::called_off)) return {};
    const auto latest = SteadyClock::now() + patience;
    for (;;) {
      const Progress progress = progress_;
      if (progress == Progress::done) return {output_.get(), written_};
      if (progress == Progress::copied && SteadyClock::now() > latest) return {};
      std::this_thread::yield();
    }
  }

 private:
  enum class Progress { expected, begun, copied, done, called_off };

  const ByteSpan borrowed_;
  const std::size_t before_bytes_;
  const std::size_t room_;
  std::unique_ptr<std::byte[]> output_;
  std::size_t written_ = 0;
  std::atomic<Progress> progress_{Progress::expected};
};

}  // namespace

std::size_t deflate_in_halves(IsalStream& stream, ByteSpan body, std::span<std::byte> out, const StartThread& start) {
  const ByteSpan first = body.first(body.size() / 2);
  const ByteSpan second = body.subspan(first.size());
  const ByteSpan before = first.last(std::min(first.size(), IsalStream::kWindowBytes));

  const auto shared = std::make_shared<SecondHalf>(before, second, out.size());
  const bool started = lateness.worth_trying() && start([shared] { shared->deflate(); });
  const auto begin = SteadyClock::now();
  const std::size_t at = stream.deflate({}, first, PieceEnd::sync, out);
  // Both halves take about as long, and a thread takes a while to begin.
  const ByteSpan ready = started ? shared->result_within((SteadyClock::now() - begin) / 2) : ByteSpan();
  if (started) lateness.note(ready.empty());
  if (at == 0) return 0;
  const std::span<std::byte> rest = out.subspan(at);
  if (!ready.empty() && ready.size() <= rest.size()) {
    std::memcpy(rest.data(), ready.data(), ready.size());
    return at + ready.size();
  }
  const std::size_t written = stream.deflate(before, second, PieceEnd::last, rest);
  return written == 0 ? 0 : at + written;
}

}  // namespace neve
