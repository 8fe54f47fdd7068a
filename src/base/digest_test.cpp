#include <gtest/gtest.h>

#include <neve/base/digest.hpp>

namespace neve {
namespace {

// FIPS 180-4 example values.
TEST(Sha256, MatchesThePublishedExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesEqualTheWhole) {
  Sha256 digest;
  digest.update("a").update("").update("bc");
  EXPECT_EQ(digest.finish_hex(), sha256_hex("abc"));
  EXPECT_EQ(digest.update("abc").finish_hex(), sha256_hex("abc")) << "a finished digest starts anew";
}

TEST(Xxh128, PiecesEqualTheWholeAndOrderMatters) {
  const auto whole = Xxh128().update(as_byte_span("json|npz")).finish();
  EXPECT_EQ(Xxh128().update(as_byte_span("json")).update(as_byte_span("|npz")).finish(), whole);
  EXPECT_NE(Xxh128().update(as_byte_span("|npz")).update(as_byte_span("json")).finish(), whole);
}

TEST(Sha256, KnowsItsTextFromAnother) {
  const std::string digest = sha256_hex("");
  EXPECT_TRUE(is_sha256_hex(digest));
  EXPECT_FALSE(is_sha256_hex(digest.substr(1)));
  EXPECT_FALSE(is_sha256_hex(digest + "0"));
  EXPECT_FALSE(is_sha256_hex("E" + digest.substr(1)));
  EXPECT_FALSE(is_sha256_hex("g" + digest.substr(1)));
}

// XXH3_128bits of the empty input with seed 0, from the xxHash specification.
TEST(Xxh128, EmptyInputHasThePublishedValue) {
  EXPECT_EQ(to_hex(Xxh128().finish()), "99aa06d3014798d86001c324468d497f");
}

}  // namespace
}  // namespace neve
