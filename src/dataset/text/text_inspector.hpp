#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace neve::dataset {

/// How the characters of a text are stored.
enum class Encoding : std::uint8_t { utf8, utf16_little, utf16_big, latin1, windows1252 };

/// `utf-8`, `utf-16le`, `utf-16be`, `latin-1`, `windows-1252`.
[[nodiscard]] const char* to_string(Encoding encoding) noexcept;

/// Looks at every byte of a text, in pieces, and says what encoding it is in: UTF-8 if all of it is, or if it has its
/// mark or at least four characters of several bytes for each byte that belongs to none; UTF-16 by its mark or by where
/// its zero bytes stand; else Windows-1252, or Latin-1 if a byte occurs that Windows-1252 leaves open. The code pages
/// of DOS are not told from these, but suspected. Used by one thread.
class TextInspector {
 public:
  void update(std::span<const char> bytes);

  struct Finding {
    Encoding encoding = Encoding::utf8;
    std::size_t mark_bytes = 0;     ///< of the byte order mark at the beginning
    bool binary = false;            ///< zero bytes where no text has them
    std::uint64_t characters = 0;   ///< of several bytes, in UTF-8
    std::uint64_t strays = 0;       ///< bytes that are no part of any character in UTF-8
    std::uint64_t first_stray = 0;  ///< where the first of them is, from 0
    bool may_be_dos = false;        ///< Windows-1252 has signs within words, where code pages of DOS have letters
    std::uint64_t first_sign = 0;   ///< where the first of those is
  };
  [[nodiscard]] Finding finding() const;

 private:
  void follow_words(std::span<const char> bytes, std::size_t at);
  void count_sign(std::uint64_t position);
  void follow_utf8(unsigned char byte, std::uint64_t position);
  void add_strays(std::uint64_t count, std::uint64_t position);
  [[nodiscard]] Finding without_strays() const;

  std::uint64_t size_ = 0;
  std::uint64_t zeros_even_ = 0;
  std::uint64_t zeros_odd_ = 0;
  std::uint64_t characters_ = 0;
  std::uint64_t strays_ = 0;
  std::uint64_t first_stray_ = 0;
  bool open_in_1252_ = false;  ///< a byte that Windows-1252 gives no meaning
  std::uint64_t signs_ = 0;    ///< bytes between two letters that are no letters in Windows-1252 ...
  std::uint64_t letters_ = 0;  ///< ... and bytes that are
  std::uint64_t first_sign_ = 0;
  char last_ = '\0';          ///< of the bytes so far
  bool sign_open_ = false;    ///< it may be such a sign: what follows says so
  unsigned pending_ = 0;      ///< continuation bytes still due ...
  unsigned taken_ = 0;        ///< ... behind so many bytes of their character
  unsigned char low_ = 0x80;  ///< bounds of the next one
  unsigned char high_ = 0xBF;
  std::string beginning_;
};

}  // namespace neve::dataset
