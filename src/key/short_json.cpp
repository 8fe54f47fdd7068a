#include "key/short_json.hpp"

#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::size_t kShown = 60;

// A long text or list is not worth printing whole only to be cut.
Json head_of(const Json& value) {
  if (value.is_string() && value.get_ref<const std::string&>().size() > 4 * kShown) {
    return "(a text of " + std::to_string(value.get_ref<const std::string&>().size()) + " bytes)";
  }
  if (value.is_array() && value.size() > 4 * kShown) return "(a list of " + std::to_string(value.size()) + " elements)";
  return value;
}

}  // namespace

std::string short_json(const Json& value) {
  try {
    std::string text = dump_spaced_json(head_of(value));
    if (text.size() > kShown) text = text.substr(0, kShown) + "...";  // ASCII throughout: no character is cut in two
    return text;
  } catch (const Error&) {
    return std::string("(") + value.type_name() + " that cannot be printed)";
  }
}

}  // namespace neve
