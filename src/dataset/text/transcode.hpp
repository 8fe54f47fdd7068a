#pragma once

#include <string>
#include <string_view>

#include "dataset/text/text_inspector.hpp"

namespace neve::dataset {

/// What becomes of a byte that is no part of a character in UTF-8.
enum class StrayBytes {
  replace,         ///< U+FFFD, as of whatever else cannot be read
  as_windows1252,  ///< the character that it is there
};

/// Turns text in any encoding into UTF-8, piece by piece. What cannot be read becomes U+FFFD and is counted. Used by
/// one thread.
class Transcoder {
 public:
  explicit Transcoder(Encoding encoding, StrayBytes strays = StrayBytes::replace)
      : encoding_(encoding), strays_(strays) {}

  /// Appends the UTF-8 of `bytes` to `out`; a character that is cut off waits for the next piece.
  void append(std::string_view bytes, std::string& out);
  /// Tells that nothing follows.
  void finish(std::string& out);

  /// Characters that could not be read.
  [[nodiscard]] std::uint64_t replaced() const noexcept { return replaced_; }

 private:
  void append_unit(unsigned unit, std::string& out);
  void append_utf8_byte(unsigned char byte, std::string& out);
  void append_1252_byte(unsigned char byte, std::string& out);
  void append_stray(unsigned char byte, std::string& out);
  void replace(std::string& out);

  Encoding encoding_;
  StrayBytes strays_;
  std::uint64_t replaced_ = 0;
  bool half_ = false;  ///< the first byte of a UTF-16 unit is in `first_`
  unsigned char first_ = 0;
  unsigned high_surrogate_ = 0;  ///< 0: none is waiting for its other half
  std::string waiting_;          ///< the beginning of a UTF-8 sequence
};

}  // namespace neve::dataset
