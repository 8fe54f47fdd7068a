#include <neve/pipeline/stage_context.hpp>

#include <iterator>

#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

namespace neve {

void StageContext::metric(std::string name, double value) {
  if (name.empty()) throw Error(ErrorCode::invalid_argument, "a metric needs a name, such as 'energy_j'");
  const std::lock_guard lock(mutex_);
  metrics_.insert_or_assign(std::move(name), value);
}

void StageContext::plot(std::string name, Plot plot) { add(make_artifact(std::move(name), std::move(plot))); }
void StageContext::save(std::string name, Array array) { add(make_artifact(std::move(name), std::move(array))); }
void StageContext::save(std::string name, Json document) { add(make_artifact(std::move(name), std::move(document))); }
void StageContext::image(std::string name, Bytes png) { add(make_image_artifact(std::move(name), std::move(png))); }

void StageContext::add(Artifact artifact) {
  const std::lock_guard lock(mutex_);
  const auto [position, added] = artifacts_.try_emplace(artifact.name, std::move(artifact));
  if (!added) {
    throw Error(ErrorCode::invalid_argument,
                "artifact '" + position->first + "' is recorded twice; give each its own name");
  }
}

void StageContext::warn(std::string_view text) {
  remark(text);
  const std::lock_guard lock(mutex_);
  warnings_.insert(repaired_utf8(text));
  if (warnings_.size() > kMostWarnings) warnings_.erase(std::prev(warnings_.end()));
}

void StageContext::remark(std::string_view text) const {
  if (options_.on_warning) options_.on_warning(repaired_utf8(text));
}

void StageContext::keep_out(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (kept_out_.empty()) kept_out_ = repaired_utf8(reason);
}

Metrics StageContext::metrics() const {
  const std::lock_guard lock(mutex_);
  return metrics_;
}

std::vector<Artifact> StageContext::artifacts() const {
  const std::lock_guard lock(mutex_);
  std::vector<Artifact> artifacts;
  artifacts.reserve(artifacts_.size());
  for (const auto& [name, artifact] : artifacts_) artifacts.push_back(artifact);
  return artifacts;
}

std::vector<std::string> StageContext::warnings() const {
  const std::lock_guard lock(mutex_);
  return {warnings_.begin(), warnings_.end()};
}

std::string StageContext::kept_out() const {
  const std::lock_guard lock(mutex_);
  return kept_out_;
}

void StageContext::throw_stop() const {
  throw options_.stop_cause ? options_.stop_cause() : Error(ErrorCode::cancelled, "the run was cancelled");
}

}  // namespace neve
