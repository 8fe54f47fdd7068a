#include <neve/pipeline/state_codec.hpp>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

namespace neve::detail {

const Array& require_array(const State& state, std::string_view name) {
  const auto found = state.arrays.find(std::string(name));
  if (found != state.arrays.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, array] : state.arrays) names.push_back(known);
  throw Error(ErrorCode::invalid_argument,
              "the state has no array '" + std::string(name) + "'" + suggestion(name, names));
}

const Json& require_meta(const State& state, std::string_view name) {
  const auto found = state.meta.find(name);
  if (found != state.meta.end()) return *found;
  std::vector<std::string> names;
  for (const auto& item : state.meta.items()) names.push_back(item.key());
  throw Error(ErrorCode::invalid_argument,
              "the state has no metadata '" + std::string(name) + "'" + suggestion(name, names));
}

void throw_declared_twice(std::string_view name) {
  throw Error(ErrorCode::invalid_argument, "state_fields() names two members '" + std::string(name) + "'");
}

void require_one_dimension(const Array& array, std::string_view name) {
  if (array.shape().size() == 1) return;
  throw Error(ErrorCode::invalid_argument, "the array '" + std::string(name) + "' has " +
                                               std::to_string(array.shape().size()) +
                                               " dimensions where a vector has one; declare the member as neve::Array");
}

void require_columns(const Array& array, std::size_t columns, std::string_view name) {
  if (array.shape().size() == 2 && array.shape()[1] == columns) return;
  throw Error(ErrorCode::invalid_argument, "the array '" + std::string(name) + "' has the shape " +
                                               to_text(array.shape()) + " where rows of " + std::to_string(columns) +
                                               " have (n, " + std::to_string(columns) + ")");
}

}  // namespace neve::detail
