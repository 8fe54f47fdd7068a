#include "service/work/store_watch.hpp"

#include <neve/dataset/analysis/analysis_cache.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {
namespace {

bool is_folder(const std::filesystem::path& path) {
  std::error_code none;
  return std::filesystem::is_directory(path, none);
}

}  // namespace

StoreWatch::StoreWatch(std::filesystem::path root, std::function<void(std::string_view, const std::string&)> log)
    : root_(std::move(root)),
      log_(std::move(log)),
      secret_(dataset::known_store_secret(root_)),
      began_with_folder_(is_folder(root_)) {}

bool StoreWatch::is_there() {
  const bool there = secret_ ? dataset::known_store_secret(root_) == secret_ : !began_with_folder_ || is_folder(root_);
  if (away_.exchange(!there) == there && log_) {
    if (there) log_("info", "the store '" + root_.string() + "' is there again");
    if (!there) {
      log_("error", "the store '" + root_.string() +
                        "' is not there, or is another than when the service began: mount or restore it, or start the "
                        "service again");
    }
  }
  return there;
}

void StoreWatch::require() {
  if (is_there()) return;
  throw ProblemError(
      Problem{ProblemKind::unavailable, "the store of the datasets is not there; ask again later", Json::object(), 5U});
}

}  // namespace neve::service
