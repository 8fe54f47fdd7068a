#pragma once

#include <complex>
#include <cstdint>
#include <string>
#include <vector>

#include <neve/codec/entry.hpp>

namespace neve {

/// An entry that can be told from that of every other `version`, with `values` numbers that do not compress.
inline Entry versioned_entry(std::uint64_t version, std::size_t values = 16) {
  Entry entry;
  entry.meta = Json{{"version", version}, {"name", "entry " + std::to_string(version)}};
  std::vector<std::uint64_t> data(values);
  std::uint64_t random = version + 1;
  for (std::uint64_t& value : data) value = random = random * 6364136223846793005U + 1442695040888963407U;
  for (std::uint64_t& value : data) value ^= value >> 29;
  entry.arrays.emplace("data", Array::from(std::move(data)));
  return entry;
}

/// The same, with numbers that compress.
inline Entry repetitive_entry(std::uint64_t version, std::size_t values) {
  Entry entry;
  entry.meta = Json{{"version", version}, {"name", "repetitive " + std::to_string(version)}};
  std::vector<std::uint64_t> data(values);
  for (std::size_t i = 0; i < values; ++i) data[i] = version + i / 16 % 97;
  entry.arrays.emplace("data", Array::from(std::move(data)));
  return entry;
}

/// An entry with something of everything a stage may return.
inline Entry varied_entry() {
  Entry entry;
  entry.meta = Json{{"text", "Névé — \u00e9"},
                    {"nothing", nullptr},
                    {"yes", true},
                    {"count", 3},
                    {"three", 3.0},
                    {"tiny", 5e-324},
                    {"large", std::int64_t{-9007199254740993}},
                    {"list", Json::array({1, "two", Json::object()})}};
  entry.arrays.emplace("vector", Array::from(std::vector<double>{1.5, -0.0, 3e300}));
  entry.arrays.emplace("scalar", Array::scalar(std::int32_t{-7}));
  entry.arrays.emplace("nothing", Array::from(std::vector<float>{}));
  entry.arrays.emplace("field", Array::from(std::vector<std::complex<double>>{{1, 2}, {3, -4}}));
  entry.arrays.emplace("image", Array(DType::parse("|u1"), {2, 3}, Order::fortran,
                                      Bytes::from(std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6})));
  return entry;
}

inline bool same_entry(const Entry& a, const Entry& b) { return a.meta == b.meta && a.arrays == b.arrays; }

}  // namespace neve
