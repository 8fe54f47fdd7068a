#include "service/access/url_signer.hpp"

#include <charconv>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kSecretBytes = 32;

}  // namespace

UrlSigner::UrlSigner(std::string secret) : secret_(std::move(secret)) {
  if (secret_.size() < kSecretBytes) {
    throw Error(ErrorCode::invalid_argument, "the secret for signing addresses must have at least 32 characters");
  }
}

std::string UrlSigner::signature_of(std::string_view path, std::string_view expires) const {
  std::string text(path);
  text.append("\n").append(expires);
  return hmac_sha256_hex(secret_, text);
}

std::string UrlSigner::sign(std::string_view path, TimePoint expires) const {
  const std::string seconds =
      std::to_string(std::chrono::floor<std::chrono::seconds>(expires).time_since_epoch().count());
  return std::string(path) + "?expires=" + seconds + "&signature=" + signature_of(path, seconds);
}

UrlSigner::Verdict UrlSigner::check(std::string_view path, const QueryParameters& query, TimePoint now) const {
  const std::string* expires = query.find("expires");
  const std::string* signature = query.find("signature");
  if (expires == nullptr && signature == nullptr) return Verdict::unsigned_;
  if (expires == nullptr || signature == nullptr) return Verdict::forged;
  const std::string expected = signature_of(path, *expires);
  if (!equal_in_constant_time(*signature, expected)) return Verdict::forged;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(expires->data(), expires->data() + expires->size(), seconds);
  if (error != std::errc() || end != expires->data() + expires->size()) return Verdict::forged;
  return now < TimePoint(std::chrono::seconds(seconds)) ? Verdict::valid : Verdict::expired;
}

}  // namespace neve::service
