#include <neve/base/digest.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

// The inlined header runs XXH3 several times faster than the packaged shared library.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <new>
#include <type_traits>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>

namespace neve {
namespace {

// Fetching the algorithm by name costs more than hashing a small key, so it is fetched once: when the program is
// loaded, since a child forked while another thread does it would wait for that thread for ever.
const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);

}  // namespace

std::string to_hex(ByteSpan bytes) {
  std::string text(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto value = std::to_integer<unsigned>(bytes[i]);
    text[2 * i] = kHexDigits[value >> 4];
    text[2 * i + 1] = kHexDigits[value & 15];
  }
  return text;
}

struct Sha256::Context {
  Context() : evp(EVP_MD_CTX_new()) { start(); }
  ~Context() { EVP_MD_CTX_free(evp); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void start() {
    if (evp == nullptr || kSha256 == nullptr || EVP_DigestInit_ex(evp, kSha256, nullptr) != 1) {
      throw Error(ErrorCode::internal, "OpenSSL cannot compute SHA-256");
    }
  }

  EVP_MD_CTX* evp;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(ByteSpan bytes) {
  if (EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) != 1) {
    throw Error(ErrorCode::internal, "OpenSSL cannot compute SHA-256");
  }
  return *this;
}

Sha256Value Sha256::finish() {
  Sha256Value value{};
  if (EVP_DigestFinal_ex(context_->evp, reinterpret_cast<unsigned char*>(value.data()), nullptr) != 1) {
    throw Error(ErrorCode::internal, "OpenSSL cannot compute SHA-256");
  }
  context_->start();
  return value;
}

std::string Sha256::finish_hex() { return to_hex(finish()); }

bool is_sha256_hex(std::string_view text) noexcept {
  return text.size() == 2 * sizeof(Sha256Value) && only_hex_digits(text);
}

std::string sha256_hex(ByteSpan bytes) {
  thread_local Sha256 sha256;  // making one costs more than hashing a short text
  return sha256.update(bytes).finish_hex();
}
std::string sha256_hex(std::string_view text) { return sha256_hex(as_byte_span(text)); }

std::string hmac_sha256_hex(std::string_view secret, std::string_view message) {
  std::array<std::byte, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(),
             reinterpret_cast<unsigned char*>(digest.data()), &size) == nullptr) {
    throw Error(ErrorCode::internal, "OpenSSL cannot compute HMAC-SHA-256");
  }
  return to_hex(std::span(digest).first(size));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

namespace {

template <class Room>
auto* state_in(Room& room) noexcept {
  static_assert(sizeof(XXH3_state_t) == sizeof room && std::is_trivially_copyable_v<XXH3_state_t>);
  using State = std::conditional_t<std::is_const_v<Room>, const XXH3_state_t, XXH3_state_t>;
  return std::launder(reinterpret_cast<State*>(room.data()));
}

}  // namespace

Xxh128::Xxh128() noexcept { XXH3_128bits_reset(::new (state_.data()) XXH3_state_t); }

Xxh128& Xxh128::update(ByteSpan bytes) {
  XXH3_128bits_update(state_in(state_), bytes.data(), bytes.size());
  return *this;
}

Xxh128Value Xxh128::finish() const {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_in(state_)));
  Xxh128Value value{};
  static_assert(sizeof canonical.digest == sizeof value);
  std::memcpy(value.data(), canonical.digest, sizeof value);
  return value;
}

std::uint64_t xxh64_of(ByteSpan bytes) noexcept { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace neve
