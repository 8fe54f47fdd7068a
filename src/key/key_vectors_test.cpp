#include <gtest/gtest.h>

#include <string>
#include <variant>

#include <neve/base/digest.hpp>
#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>
#include <neve/key/digests.hpp>
#include <neve/key/key_recipe.hpp>

#include "support/test_file.hpp"

namespace neve {
namespace {

std::optional<std::string> text_or_null(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
}

Array array_from(const Json& vector) {
  std::string bytes;
  const auto hex = vector.at("c_order_hex").get<std::string>();
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  const std::string descr = vector.value("descr", "<f8");  // the meta arrays are all float64
  return Array(DType::parse(descr), vector.at("shape").get<Shape>(), Order::c, Bytes::from(std::move(bytes)));
}

TEST(KeyVectors, ConfigsHashAsPhysPipelineHashesThem) {
  const Json vectors = parse_json(read_test_file("vectors/configs.json"));
  ASSERT_GE(vectors.size(), 65u);
  for (const Json& vector : vectors) {
    EXPECT_EQ(config_digest(parse_json(vector.at("model_dump").get<std::string>())),
              vector.at("cfg_hash").get<std::string>())
        << vector;
  }
}

TEST(KeyVectors, PoliciesHashAsPhysPipelineHashesThem) {
  const Json vectors = parse_json(read_test_file("vectors/policies.json"));
  ASSERT_GE(vectors.size(), 43u);
  for (const Json& vector : vectors) {
    EXPECT_EQ(policy_digest(parse_json(vector.at("policy").get<std::string>())),
              vector.at("policy_hash").get<std::string>())
        << vector;
  }
}

TEST(KeyVectors, NodesGetPhysPipelinesKeys) {
  const Json vectors = parse_json(read_test_file("vectors/dag_nodes.json"));
  ASSERT_GE(vectors.size(), 60u);
  for (const Json& vector : vectors) {
    const KeyRecord record{.node_id = vector.at("node_id"),
                           .op_name = vector.at("op_name"),
                           .version = vector.at("version"),
                           .cfg_hash = text_or_null(vector.at("cfg_hash")),
                           .input_hash = vector.at("input_hash"),
                           .dep_hashes = vector.at("dep_hashes"),
                           .policy_hash = text_or_null(vector.at("policy_hash"))};
    EXPECT_EQ(record.key().text(), vector.at("key").get<std::string>()) << vector;
    EXPECT_EQ(record.key().text(), sha256_hex(dump_compact_json(record.to_json())));
  }
}

TEST(KeyVectors, RecipesGetPhysPipelinesKeysToo) {
  const Json vectors = parse_json(read_test_file("vectors/dag_nodes.json"));
  for (const Json& vector : vectors) {
    if (!vector.at("policy_hash").is_null()) continue;  // the vectors have no policies to go with the digests
    KeyRecipe recipe{.node_id = vector.at("node_id"), .op_name = vector.at("op_name"), .version = vector.at("version")};
    recipe.config_hash = text_or_null(vector.at("cfg_hash"));
    recipe.inputs = {{"input", vector.at("input_hash")}};
    recipe.dependencies = vector.at("dep_hashes");
    EXPECT_EQ(recipe.key().key().text(), vector.at("key").get<std::string>()) << vector;
  }
}

TEST(KeyVectors, SimpleStatesHashAsPhysPipelineHashesThem) {
  const Json vectors = parse_json(read_test_file("vectors/states.json"));
  ASSERT_GE(vectors.size(), 23u);
  for (const Json& vector : vectors) {
    std::variant<Json, Array> payload;
    if (vector.contains("payload_array")) {
      payload = array_from(vector.at("payload_array"));
    } else {
      payload = parse_json(vector.at("payload_json").get<std::string>());
    }
    ArrayMap meta_arrays;
    for (const auto& [name, array] : vector.at("meta_arrays").items()) meta_arrays.emplace(name, array_from(array));
    EXPECT_EQ(phys_simple_state_digest(payload, meta_arrays), vector.at("state_hash").get<std::string>()) << vector;
  }
}

}  // namespace
}  // namespace neve
