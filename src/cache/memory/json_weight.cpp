#include "cache/memory/json_weight.hpp"

#include <string>

namespace neve {
namespace {

/// A member of an object or an element of an array lives in a node or slot of its own.
constexpr std::uint64_t kNodeBytes = 48;

}  // namespace

std::uint64_t json_weight(const Json& value) {
  std::uint64_t bytes = sizeof(Json);
  if (value.is_string()) return bytes + value.get_ref<const std::string&>().size();
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) bytes += kNodeBytes + name.size() + json_weight(member);
  } else if (value.is_array()) {
    for (const Json& element : value) bytes += json_weight(element);
  }
  return bytes;
}

}  // namespace neve
