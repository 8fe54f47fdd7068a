#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <sstream>
#include <string>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>

#include "support/python.hpp"
#include "support/test_file.hpp"

namespace neve {
namespace {

double from_bits(const std::string& hex) { return std::bit_cast<double>(std::uint64_t{std::stoull(hex, nullptr, 16)}); }

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string outcome(const std::string& text) {
  try {
    const Json tree = parse_json(text);
    return dump_compact_json(tree) + '\n' + dump_spaced_json(tree);
  } catch (const Error&) {
    return "refused";
  }
}

std::string arguments_with_seed(const std::string& kind, int count) {
  return kind + ' ' + std::to_string(std::random_device()()) + ' ' + std::to_string(count);
}

TEST(JsonVectors, FloatsPrintAsPhysPipelinePrintsThem) {
  const Json vectors = parse_json(read_test_file("vectors/floats.json"));
  ASSERT_GE(vectors.size(), 3531u);
  for (const Json& vector : vectors) {
    const double value = from_bits(vector.at("bits").get<std::string>());
    ASSERT_EQ(dump_compact_json(value), vector.at("text").get<std::string>()) << vector;
    ASSERT_EQ(dump_compact_json(parse_json(vector.at("text").get<std::string>())),
              vector.at("text").get<std::string>());
  }
}

TEST(JsonVectors, TreesPrintAndHashAsPhysPipelineDoes) {
  const Json vectors = parse_json(read_test_file("vectors/json.json"));
  ASSERT_GE(vectors.size(), 306u);
  for (const Json& vector : vectors) {
    const Json tree = parse_json(vector.at("input").get<std::string>());
    ASSERT_EQ(dump_compact_json(tree), vector.at("stable_json").get<std::string>());
    ASSERT_EQ(dump_spaced_json(tree), vector.at("entry_json").get<std::string>());
    ASSERT_EQ(sha256_hex(dump_compact_json(tree)), vector.at("sha256").get<std::string>());
  }
}

TEST(JsonAgainstPython, RandomTextsAreReadRefusedAndPrintedAlike) {
  const std::string arguments = arguments_with_seed("texts", 5000);
  std::istringstream lines(run_python("json_cases.py", arguments));
  std::string hex, compact, spaced;
  int compared = 0;
  for (; lines >> hex >> compact; ++compared) {
    const std::string expected =
        compact == "refused" ? compact : from_hex(compact) + '\n' + from_hex((lines >> spaced, spaced));
    const std::string text = from_hex(hex);
    ASSERT_EQ(outcome(text), expected) << "json_cases.py " << arguments << ", case " << compared << ", text " << text;
  }
  EXPECT_EQ(compared, 5000);
}

TEST(JsonAgainstPython, RandomDoublesPrintAlikeAndReadBack) {
  const std::string arguments = arguments_with_seed("doubles", 50000);
  std::istringstream lines(run_python("json_cases.py", arguments));
  std::string bits, repr;
  int compared = 0;
  for (; lines >> bits >> repr; ++compared) {
    const double value = from_bits(bits);
    ASSERT_EQ(python_repr(value), repr) << "json_cases.py " << arguments;
    if (value - value == 0) {
      ASSERT_EQ(parse_json(repr).get<double>(), value) << repr;
    }
  }
  EXPECT_EQ(compared, 50000);
}

}  // namespace
}  // namespace neve
