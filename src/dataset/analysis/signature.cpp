#include "dataset/analysis/signature.hpp"

#include <openssl/crypto.h>

#include <array>
#include <cstring>

#include <neve/base/digest.hpp>

namespace neve::dataset {
namespace {

constexpr const char* kMember = "signature";

/// RFC 2104 with a secret of any length.
class Hmac {
 public:
  explicit Hmac(std::string_view secret) {
    constexpr std::size_t kBlock = 64;
    std::array<std::byte, kBlock> pad{};
    if (secret.size() > kBlock) {
      const Sha256Value digest = Sha256().update(secret).finish();
      std::memcpy(pad.data(), digest.data(), digest.size());
    } else {
      std::memcpy(pad.data(), secret.data(), secret.size());
    }
    for (std::byte& byte : pad) byte ^= std::byte{0x36};
    inner_.update(ByteSpan(pad));
    for (std::byte& byte : pad) byte ^= std::byte{0x36 ^ 0x5c};
    outer_.update(ByteSpan(pad));
  }

  /// A part with its length, so that parts cannot flow into one another.
  void add(std::string_view part) { inner_.update(std::to_string(part.size()) + ":").update(part); }
  [[nodiscard]] std::string finish() {
    const Sha256Value digest = inner_.finish();
    return outer_.update(ByteSpan(digest)).finish_hex();
  }

 private:
  Sha256 inner_;
  Sha256 outer_;
};

}  // namespace

std::string signature_of(std::string_view secret, std::string_view key, const Entry& entry) {
  Hmac hmac(secret);
  hmac.add(key);
  Json meta = entry.meta;
  meta.erase(kMember);
  hmac.add(dump_compact_json(meta));
  for (const auto& [name, array] : entry.arrays) {
    hmac.add(name);
    hmac.add(array_digest(array));
  }
  return hmac.finish();
}

bool signed_with(std::string_view secret, std::string_view key, const Entry& entry) {
  const auto found = entry.meta.find(kMember);
  if (found == entry.meta.end() || !found->is_string()) return false;
  const std::string& claimed = found->get_ref<const std::string&>();
  const std::string right = signature_of(secret, key, entry);
  return claimed.size() == right.size() && CRYPTO_memcmp(claimed.data(), right.data(), right.size()) == 0;
}

}  // namespace neve::dataset
