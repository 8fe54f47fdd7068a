#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace neve::service {

/// What has come from a client and was not read yet. Used by one thread at a time.
///
/// Takes the memory of what is unread, however much has come before: who sends requests without end, and never a whole
/// number of them at once, leaves it empty at no moment.
class ReceivedBytes {
 public:
  /// Views that `unread` gave are not valid afterwards.
  void append(std::string_view bytes) {
    bytes_.erase(0, read_);
    read_ = 0;
    bytes_.append(bytes);
  }
  [[nodiscard]] std::string_view unread() const noexcept { return std::string_view(bytes_).substr(read_); }
  [[nodiscard]] bool empty() const noexcept { return read_ == bytes_.size(); }

  /// Says that the first `count` of the unread were read.
  void drop(std::size_t count) noexcept {
    read_ += count;
    if (!empty()) return;
    bytes_.clear();
    read_ = 0;
  }

  /// Bytes of memory it takes.
  [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.capacity(); }

 private:
  std::string bytes_;
  std::size_t read_ = 0;
};

}  // namespace neve::service
