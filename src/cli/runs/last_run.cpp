#include "cli/runs/last_run.hpp"

#include <filesystem>
#include <system_error>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/url.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {
namespace {

// In neve's own part of the folder, beside the ledger.
constexpr const char* kName = ".neve/last-run.json";
constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;

std::optional<std::filesystem::path> place(const std::string& urls) {
  for (const TierUrl& tier : disk_tiers(urls)) {
    if (tier.access == TierAccess::read_write) return std::filesystem::path(Url::parse(tier.url).path) / kName;
  }
  return std::nullopt;
}

}  // namespace

void keep_last_run(const std::string& urls, const Json& cache_report) {
  std::error_code none;
  const auto path = place(urls);
  // A link there leads out of the cache.
  if (!path || !std::filesystem::is_directory(std::filesystem::symlink_status(path->parent_path(), none))) return;
  try {
    replace_file(*path, as_byte_span(json_output(cache_report) + "\n"), Durability::none);
  } catch (const Error&) {  // a folder that is only read
    return;
  }
}

std::optional<Json> read_last_run(const std::string& urls) {
  const auto path = place(urls);
  if (!path) return std::nullopt;
  try {
    const auto text = read_file(*path, kLargest);
    return text ? std::optional(parse_json(text->text())) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace neve::cli
