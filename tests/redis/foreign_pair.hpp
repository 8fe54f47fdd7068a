#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "support/test_data.hpp"

namespace neve {

/// What phys-pipeline's own backend stores: no seal, no facts.
struct ForeignPair {
  std::string meta;
  std::string arrays;
};

inline ForeignPair foreign_pair() {
  const std::string stem = test_data("redis/phys_pipeline_entry");
  const auto content = [&](const char* ending) {
    std::ifstream file(stem + ending, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  return {content(".json"), content(".npz")};
}

}  // namespace neve
