#include "cache/disk/ledger/ledger_key.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>

namespace neve {
namespace {

constexpr std::size_t kRoom = sizeof(LedgerKey::Words);

/// The value of a lower-case hexadecimal digit, or -1. Upper case is text: it would not come back the same.
int digit(char c) noexcept { return is_upper(c) ? -1 : hex_digit(c); }

bool pack_hexadecimal(std::string_view text, std::byte* out) noexcept {
  if (text.size() != 2 * kRoom) return false;
  for (std::size_t i = 0; i < kRoom; ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::byte>(high * 16 + low);
  }
  return true;
}

std::uint64_t tag_of(std::string_view text) noexcept {
  return std::max<std::uint64_t>(xxh64_of(as_byte_span(text)), 1);
}

}  // namespace

LedgerKey::LedgerKey(const Key& key) : tag_(tag_of(key.text())) {
  const std::string& text = key.text();
  if (pack_hexadecimal(text, reinterpret_cast<std::byte*>(words_.data()))) {
    kind_ = Kind::hexadecimal;
    return;
  }
  words_.fill(0);
  if (text.size() <= kRoom) {
    kind_ = Kind::text;
    std::memcpy(words_.data(), text.data(), text.size());
  }
}

std::optional<Key> LedgerKey::recover(std::uint64_t tag, Kind kind, const Words& words) {
  std::string text;
  if (kind == Kind::hexadecimal) {
    text = to_hex(std::as_bytes(std::span(words)));
  } else if (kind == Kind::text) {
    text.resize(kRoom);
    std::memcpy(text.data(), words.data(), kRoom);
    text.resize(std::min(text.find('\0'), kRoom));
  }
  if (!Key::is_valid(text) || tag_of(text) != tag) return std::nullopt;
  return Key(std::move(text));
}

}  // namespace neve
