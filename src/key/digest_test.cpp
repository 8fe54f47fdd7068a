#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/key/digests.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

Array bytes_array(const std::string& bytes) {
  return Array(DType::parse("|u1"), {bytes.size()}, Order::c, Bytes::from(bytes));
}

Array with(const char* descr, Shape shape, Order order, const std::string& bytes) {
  return Array(DType::parse(descr), std::move(shape), order, Bytes::from(bytes));
}

template <class Digest>
std::string refusal(Digest&& digest, ErrorCode expected) {
  return refusal_of([&] { (void)digest(); }, expected);
}

TEST(ConfigDigest, RefusesWhatHasNoExactDigestAndSaysWhere) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_NE(refusal(
                [&] {
                  return config_digest({{"fibre", {{"betas", {1.0, nan}}}}});
                },
                ErrorCode::unsupported)
                .find("'/fibre/betas/1'"),
            std::string::npos);
  EXPECT_NE(refusal(
                [&] {
                  return policy_digest({{"tol", -infinity}});
                },
                ErrorCode::unsupported)
                .find("the policy"),
            std::string::npos);
  EXPECT_NE(refusal(
                [&] {
                  return config_digest({{"label", "\xFF"}});
                },
                ErrorCode::invalid_argument)
                .find("'/label'"),
            std::string::npos);
}

TEST(ConfigDigest, TellsOneFromOnePointZero) {
  EXPECT_NE(config_digest({{"n", 1}}), config_digest({{"n", 1.0}}));
  EXPECT_NE(config_digest({{"n", 0.0}}), config_digest({{"n", -0.0}}));
  EXPECT_EQ(config_digest({{"a", 1}, {"b", 2}}), config_digest(parse_json(R"({"b": 2, "a": 1})")));
}

// The bytes that docs/formats/keys.md describes, written out by hand.
TEST(StateDigest, HashesTheDocumentedBytes) {
  const std::string zeros(7, '\0');
  const std::string bytes = "neve.state.v1\n" + ("\x07" + zeros) + R"({"a":1})" + ("\x01" + zeros) + ("\x01" + zeros) +
                            "x" + ("\x03" + zeros) + "<f8" + "C" + ("\x01" + zeros) + ("\x01" + zeros) +
                            ("\x08" + zeros) + std::string(6, '\0') + "\xf0\x3f";
  EXPECT_EQ(state_digest({{"a", 1}}, {{"x", Array::from<double>({1.0})}}), sha256_hex(bytes));
}

TEST(StateDigest, SeesEveryPartOfAState) {
  const std::string eight = "12345678";
  const std::string sixteen = "1234567890abcdef";
  const Json meta = {{"a", 1}};
  std::set<std::string> digests;
  std::size_t states = 0;
  const auto add = [&](const Json& its_meta, const ArrayMap& arrays) {
    digests.insert(state_digest(its_meta, arrays));
    ++states;
  };
  add(meta, {});
  add({{"a", 2}}, {});
  add({{"a", 1.0}}, {});
  add({{"a", "1"}}, {});
  add({{"a", std::numeric_limits<double>::quiet_NaN()}}, {});
  add({{"a", "NaN"}}, {});
  add(meta, {{"x", with("<f8", {1}, Order::c, eight)}});
  add(meta, {{"y", with("<f8", {1}, Order::c, eight)}});
  add(meta, {{"x", with(">f8", {1}, Order::c, eight)}});
  add(meta, {{"x", with("<i8", {1}, Order::c, eight)}});
  add(meta, {{"x", with("<M8[ns]", {1}, Order::c, eight)}});
  add(meta, {{"x", with("<M8[us]", {1}, Order::c, eight)}});
  add(meta, {{"x", with("|S8", {1}, Order::c, eight)}});
  add(meta, {{"x", with("<f8", {}, Order::c, eight)}});
  add(meta, {{"x", with("<f8", {1, 1}, Order::c, eight)}});
  add(meta, {{"x", with("<f4", {2}, Order::c, eight)}});
  add(meta, {{"x", with("<f4", {1, 2}, Order::c, eight)}});
  add(meta, {{"x", with("<f4", {2, 1}, Order::c, eight)}});
  add(meta, {{"x", with("<f4", {2, 1}, Order::fortran, eight)}});
  add(meta, {{"x", with("<f8", {1}, Order::c, "12345679")}});
  add(meta, {{"x", with("<f8", {0}, Order::c, "")}});
  add(meta, {{"x", with("<f8", {0, 3}, Order::c, "")}});
  add(meta, {{"x", with("<f8", {3, 0}, Order::c, "")}});
  add(meta, {{"x", with("<f8", {1}, Order::c, eight)}, {"y", with("<f8", {1}, Order::c, eight)}});
  add(meta, {{"x", with("<f8", {2}, Order::c, sixteen)}});
  add(meta, {{"x", with("<c16", {1}, Order::c, sixteen)}});
  EXPECT_EQ(digests.size(), states);
}

// Bytes that move over a border between two parts must not go unnoticed: every way to cut one text into metadata, names
// and arrays is a state of its own.
TEST(StateDigest, NoticesBytesThatMoveAcrossABorder) {
  const std::string text = "abcabc";
  std::set<std::string> digests;
  std::size_t states = 0;
  for (std::size_t meta = 0; meta <= text.size(); ++meta) {
    for (std::size_t name = 0; meta + name <= text.size(); ++name) {
      const std::string rest = text.substr(meta + name);
      digests.insert(state_digest(text.substr(0, meta), {{text.substr(meta, name), bytes_array(rest)}}));
      ++states;
      for (std::size_t first = 0; first <= rest.size(); ++first) {
        const ArrayMap two = {{"0" + text.substr(meta, name), bytes_array(rest.substr(0, first))},
                              {"1", bytes_array(rest.substr(first))}};
        digests.insert(state_digest(text.substr(0, meta), two));
        ++states;
      }
    }
  }
  EXPECT_EQ(digests.size(), states);
}

TEST(StateDigest, DoesNotDependOnWhereTheBytesLie) {
  const std::vector<double> values = {1.0, 2.0, 3.0};
  const ArrayMap owned = {{"x", Array::from<double>({1.0, 2.0, 3.0})}};
  const ArrayMap borrowed = {{"x", Array::view<double>(values, {3})}};
  EXPECT_EQ(state_digest(Json::object(), owned), state_digest(Json::object(), borrowed));
}

TEST(PhysSimpleStateDigest, RefusesWhatPhysPipelineCannotHash) {
  const Array dates(DType::parse("<M8[D]"), {1}, Order::c, Bytes::from(std::vector<std::int64_t>{1}));
  const Array spans(DType::parse(">m8[s]"), {1}, Order::c, Bytes::from(std::vector<std::int64_t>{1}));
  for (const Array& array : {dates, spans}) {
    EXPECT_NE(refusal([&] { return phys_simple_state_digest(array, {}); }, ErrorCode::unsupported), "");
    EXPECT_NE(refusal([&] { return phys_simple_state_digest(Json(1), {{"t", array}}); }, ErrorCode::unsupported), "");
    EXPECT_EQ(phys_simple_state_digest(Json(1), {{"field", array}}), phys_simple_state_digest(Json(1), {}));
  }
}

TEST(PhysSimpleStateDigest, IsBlindWherePhysPipelineIs) {
  const Array x = Array::from<double>({1.0});
  const Array scalar = Array::scalar<double>(1.0);
  EXPECT_EQ(phys_simple_state_digest(Json(1), {{"x", x}}), phys_simple_state_digest(Json(1), {{"x", x}, {"field", x}}));
  EXPECT_EQ(phys_simple_state_digest(x, {}), phys_simple_state_digest(scalar, {}));
  EXPECT_NE(state_digest(Json(), {{"x", x}}), state_digest(Json(), {{"x", x}, {"field", x}}));
  EXPECT_NE(state_digest(Json(), {{"x", x}}), state_digest(Json(), {{"x", scalar}}));
}

}  // namespace
}  // namespace neve
