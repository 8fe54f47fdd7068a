#include <neve/pipeline/pipeline.hpp>

namespace neve {

Pipeline& Pipeline::add(std::string id, StagePtr stage, NodeOptions options) {
  graph_.add(id, std::move(stage), needs_of_next(), std::move(options));
  return follow(std::move(id));
}

Pipeline& Pipeline::add(std::string id, const Graph& inner) {
  graph_.add(id, inner, needs_of_next());
  return follow(std::move(id));
}

std::vector<std::string> Pipeline::needs_of_next() const {
  if (last_.empty()) return {};
  return {last_};
}

Pipeline& Pipeline::follow(std::string id) {
  last_ = std::move(id);
  graph_.set_output(last_);
  return *this;
}

Pipeline& Pipeline::set(std::string_view path, const Json& value) {
  graph_.set(path, value);
  return *this;
}

}  // namespace neve
