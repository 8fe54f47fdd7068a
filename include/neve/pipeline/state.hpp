#pragma once

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>

namespace neve {

/// What stages hand to each other: metadata (a JSON object) and named arrays. A plain value; copies share array bytes.
///
/// Everything in it counts for the keys of the stages downstream, so it should hold results, not remarks about the run.
struct State {
  Json meta = Json::object();
  ArrayMap arrays{};

  friend bool operator==(const State&, const State&) = default;
};

}  // namespace neve
