#include "cli/cache_choice.hpp"

#include <algorithm>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/open_cache.hpp>

namespace neve::cli {
namespace {

/// Whether `text` begins like a URL: letters, digits and '+', then a colon.
bool begins_like_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
  };
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), fits);
}

/// The URLs of a list. A comma inside a path or a host list is followed by something that is no URL.
std::vector<std::string> split_urls(std::string_view text) {
  std::vector<std::string> urls;
  std::size_t from = 0;
  for (std::size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',', comma + 1)) {
    if (!begins_like_url(text.substr(comma + 1))) continue;
    urls.emplace_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  urls.emplace_back(text.substr(from));
  return urls;
}

bool is_disk(const std::string& url) { return Url::parse(url).scheme == "disk"; }

}  // namespace

std::string redacted_urls(std::string_view urls) {
  std::string text;
  for (const std::string& url : split_urls(urls)) {
    text += text.empty() ? "" : ",";
    try {
      text += Url::parse(url).redacted();
    } catch (const Error&) {
      text += "(not a URL)";
    }
  }
  return text;
}

std::shared_ptr<CacheBackend> open_chosen_cache(const std::string& urls) {
  std::shared_ptr<CacheBackend> cache = open_cache(urls);  // also refuses what is wrong with the URL
  return cache->name() == "none" ? nullptr : cache;
}

std::unique_ptr<DiskCache> open_disk(const std::string& urls, Purpose purpose) {
  const std::vector<std::string> list = split_urls(urls);
  const auto disk = std::find_if(list.begin(), list.end(), is_disk);
  if (disk == list.end()) {
    throw Error(
        ErrorCode::unsupported,
        "'" + redacted_urls(urls) + "' cannot be listed; this command looks into a folder, such as --cache disk:.neve");
  }
  DiskCacheOptions options = disk_options_from(Url::parse(*disk));
  std::error_code none;
  if (!std::filesystem::exists(options.root, none)) {
    throw Error(ErrorCode::invalid_argument,
                "there is no cache folder '" + options.root.string() +
                    "' here; name one with --cache disk:PATH or NEVE_CACHE, or run a pipeline, which makes it");
  }
  if (purpose == Purpose::look) options.access = FolderAccess::read_only;
  return std::make_unique<DiskCache>(options);
}

Key resolve_key(DiskCache& cache, const std::string& text) {
  if (Key::is_valid(text) && cache.inspect(Key(text)).has_value()) return Key(text);
  const std::vector<Key> found = all_keys(cache, text);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    throw Error(ErrorCode::invalid_argument, "no key begins with '" + text + "'; 'neve ls' lists them");
  }
  constexpr std::size_t kNamed = 4;
  std::string names;
  for (std::size_t i = 0; i < std::min(found.size(), kNamed); ++i) names += "\n  " + found[i].text();
  if (found.size() > kNamed) names += "\n  ...";
  throw Error(ErrorCode::invalid_argument,
              "'" + text + "' begins " + std::to_string(found.size()) + " keys; give more of it:" + names);
}

std::vector<Key> all_keys(const DiskCache& cache, std::string_view prefix) {
  constexpr std::size_t kBatch = 4096;
  std::vector<Key> keys;
  KeyWalk walk = cache.walk();
  for (std::vector<Key> batch = walk.next(kBatch); !batch.empty(); batch = walk.next(kBatch)) {
    for (Key& key : batch) {
      if (key.text().starts_with(prefix)) keys.push_back(std::move(key));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace neve::cli
