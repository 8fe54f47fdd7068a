#include "dataset/text/transcode.hpp"

#include <array>

#include <neve/base/utf8.hpp>

namespace neve::dataset {
namespace {

// Windows-1252 from 0x80 to 0x9F, as the Unicode Consortium's CP1252.TXT has it; 0: no meaning.
constexpr std::array<unsigned, 32> kUpper1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                              0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// How long the UTF-8 sequence is that `bytes` begins, or 0 if it begins none; `complete` if all of it is there.
std::size_t sequence_length(std::string_view bytes, bool& complete) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  const std::size_t length = lead < 0x80                    ? 1
                             : lead >= 0xC2 && lead <= 0xDF ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  for (std::size_t i = 1; i < length && i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const unsigned low = i > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = i > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte < low || byte > high) return 0;
  }
  complete = bytes.size() >= length;
  return length;
}

}  // namespace

void Transcoder::replace(std::string& out) {
  ++replaced_;
  append_utf8(out, 0xFFFD);
}

void Transcoder::append_1252_byte(unsigned char byte, std::string& out) {
  const bool high = byte >= 0x80 && byte <= 0x9F;
  if (high && kUpper1252[byte - 0x80U] == 0) return replace(out);
  append_utf8(out, high ? kUpper1252[byte - 0x80U] : byte);
}

void Transcoder::append_stray(unsigned char byte, std::string& out) {
  if (strays_ == StrayBytes::as_windows1252) return append_1252_byte(byte, out);
  replace(out);
}

void Transcoder::append_unit(unsigned unit, std::string& out) {
  if (unit >= 0xDC00 && unit <= 0xDFFF && high_surrogate_ != 0) {
    append_utf8(out, 0x10000 + ((high_surrogate_ - 0xD800) << 10U) + (unit - 0xDC00));
    high_surrogate_ = 0;
    return;
  }
  if (high_surrogate_ != 0) replace(out);
  high_surrogate_ = 0;
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    high_surrogate_ = unit;
  } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
    replace(out);
  } else {
    append_utf8(out, unit);
  }
}

void Transcoder::append_utf8_byte(unsigned char byte, std::string& out) {
  waiting_ += static_cast<char>(byte);
  while (!waiting_.empty()) {
    bool complete = false;
    const std::size_t length = sequence_length(waiting_, complete);
    if (length == 0) {
      append_stray(static_cast<unsigned char>(waiting_.front()), out);
      waiting_.erase(0, 1);
    } else if (complete) {
      out.append(waiting_, 0, length);
      waiting_.erase(0, length);
    } else {
      return;
    }
  }
}

void Transcoder::append(std::string_view bytes, std::string& out) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    switch (encoding_) {
      case Encoding::utf8:
        append_utf8_byte(byte, out);
        break;
      case Encoding::latin1:
        append_utf8(out, byte);
        break;
      case Encoding::windows1252:
        append_1252_byte(byte, out);
        break;
      case Encoding::utf16_little:
      case Encoding::utf16_big:
        if (half_) append_unit(encoding_ == Encoding::utf16_big ? first_ * 256U + byte : byte * 256U + first_, out);
        first_ = byte;
        half_ = !half_;
        break;
    }
  }
}

void Transcoder::finish(std::string& out) {
  if (half_ || high_surrogate_ != 0) replace(out);
  for (; !waiting_.empty(); waiting_.erase(0, 1)) append_stray(static_cast<unsigned char>(waiting_.front()), out);
  half_ = false;
  high_surrogate_ = 0;
}

}  // namespace neve::dataset
