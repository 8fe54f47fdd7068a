#include "codec/entry/seal.hpp"

#include <algorithm>

#include <neve/base/error.hpp>

#include "codec/zip/little_endian.hpp"

namespace neve {
namespace {

constexpr std::string_view kMagic = "neve";
constexpr unsigned char kVersion = 1;
constexpr unsigned char kFlagExpires = 1;
constexpr std::size_t kSignedBytes = 32;  // everything before the seal digest
constexpr std::size_t kFixedBytes = 48;
constexpr std::size_t kLongestKey = 4096;
constexpr std::size_t kLongestSeal = 0xFFFF;

[[noreturn]] void corrupt(const std::string& what) { throw EntryError(EntryError::Kind::corrupt, what); }

bool recipe_fits(const EntrySeal& seal) { return kFixedBytes + seal.key.size() + seal.recipe.size() <= kLongestSeal; }

Xxh128Value seal_digest(ByteSpan fixed, ByteSpan key_and_recipe, const Xxh128Value& structure) {
  return Xxh128().update(fixed.first(kSignedBytes)).update(key_and_recipe).update(structure).finish();
}

}  // namespace

std::size_t seal_bytes(const EntrySeal& seal) {
  if (seal.key.empty() || seal.key.size() > kLongestKey) {
    throw Error(ErrorCode::invalid_argument,
                "an entry's key has 1 to 4,096 bytes, not " + std::to_string(seal.key.size()));
  }
  return kFixedBytes + seal.key.size() + (recipe_fits(seal) ? seal.recipe.size() : 0);
}

std::string make_seal(const EntrySeal& seal, const Xxh128Value& json, const Xxh128Value& structure) {
  std::string text;
  text.reserve(seal_bytes(seal));
  text.append(kMagic);
  append_little(text, kVersion);
  append_little<unsigned char>(text, seal.expires_at ? kFlagExpires : 0);
  append_little(text, static_cast<std::uint16_t>(seal.key.size()));
  append_little<std::int64_t>(text, seal.expires_at ? seal.expires_at->time_since_epoch().count() : 0);
  text.append(as_text(json));
  const std::string key_and_recipe = recipe_fits(seal) ? seal.key + seal.recipe : seal.key;
  text.append(as_text(seal_digest(as_byte_span(text), as_byte_span(key_and_recipe), structure)));
  return text.append(key_and_recipe);
}

OpenedSeal open_seal(ByteSpan comment, const Xxh128Value& structure) {
  const std::string_view text = as_text(comment);
  if (!text.starts_with(kMagic)) corrupt("the zip comment is not a seal of neve");
  if (text.size() < kFixedBytes) corrupt("the seal is cut short");
  if (const auto version = static_cast<unsigned char>(text[4]); version != kVersion) {
    throw EntryError(EntryError::Kind::unsupported,
                     "the seal has version " + std::to_string(version) + "; this neve reads version 1");
  }
  const auto flags = static_cast<unsigned char>(text[5]);
  const std::size_t key_bytes = read_little<std::uint16_t>(comment, 6);
  if (flags > kFlagExpires || key_bytes == 0 || key_bytes > text.size() - kFixedBytes) corrupt("the seal is damaged");
  const Xxh128Value digest = seal_digest(comment, comment.subspan(kFixedBytes), structure);
  if (!std::equal(digest.begin(), digest.end(), comment.begin() + kSignedBytes)) {
    corrupt("the npz file's headers do not match their digest");
  }

  OpenedSeal opened;
  opened.seal.key = text.substr(kFixedBytes, key_bytes);
  opened.seal.recipe = text.substr(kFixedBytes + key_bytes);
  if ((flags & kFlagExpires) != 0) {
    opened.seal.expires_at = TimePoint(std::chrono::milliseconds(read_little<std::int64_t>(comment, 8)));
  }
  std::copy_n(comment.begin() + 16, opened.json.size(), opened.json.begin());
  return opened;
}

}  // namespace neve
