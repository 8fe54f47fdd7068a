#include "service/access/url_signer.hpp"

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::service {
namespace {

using Verdict = UrlSigner::Verdict;
constexpr TimePoint kNow{std::chrono::seconds(1000)};
const std::string kSecret(32, 's');

Verdict check(const UrlSigner& signer, const std::string& address, TimePoint now) {
  const std::size_t mark = address.find('?');
  return signer.check(address.substr(0, mark),
                      QueryParameters::parse(mark == std::string::npos ? "" : address.substr(mark + 1)), now);
}

TEST(UrlSigner, ASignedAddressIsGoodUntilItExpires) {
  const UrlSigner signer(kSecret);
  const std::string address = signer.sign("/a/b", kNow + std::chrono::seconds(60));
  EXPECT_EQ(check(signer, address, kNow), Verdict::valid);
  EXPECT_EQ(check(signer, address, kNow + std::chrono::seconds(59)), Verdict::valid);
  EXPECT_EQ(check(signer, address, kNow + std::chrono::seconds(60)), Verdict::expired);
}

TEST(UrlSigner, NoPartOfItCanBeExchanged) {
  const UrlSigner signer(kSecret);
  const std::string address = signer.sign("/a/b", kNow + std::chrono::seconds(60));
  EXPECT_EQ(check(signer, "/a/c" + address.substr(4), kNow), Verdict::forged);
  std::string later = address;
  later.replace(later.find("1060"), 4, "9060");
  EXPECT_EQ(check(signer, later, kNow), Verdict::forged);
  for (std::size_t i = address.find("signature=") + 10; i < address.size(); ++i) {
    std::string changed = address;
    changed[i] = changed[i] == '0' ? '1' : '0';
    EXPECT_EQ(check(signer, changed, kNow), Verdict::forged);
  }
  EXPECT_EQ(check(signer, address.substr(0, address.size() - 1), kNow), Verdict::forged);
  EXPECT_EQ(check(UrlSigner(std::string(32, 't')), address, kNow), Verdict::forged);
  EXPECT_EQ(check(signer, "/a/b", kNow), Verdict::unsigned_);
  EXPECT_EQ(check(signer, "/a/b?expires=1060", kNow), Verdict::forged);
}

TEST(UrlSigner, AgreesWithHmacSha256) {
  // printf '/a/b\n1060' | openssl dgst -sha256 -hmac ssssssssssssssssssssssssssssssss
  EXPECT_EQ(UrlSigner(kSecret).sign("/a/b", kNow + std::chrono::seconds(60)),
            "/a/b?expires=1060&signature=7df31b08ef666ffc44e014d746da5e6159bdfb4d34d9b57bfa950f61e7562c9d");
}

TEST(UrlSigner, ASecretThatCouldBeGuessedIsRefused) { EXPECT_THROW(UrlSigner("short"), Error); }

}  // namespace
}  // namespace neve::service
