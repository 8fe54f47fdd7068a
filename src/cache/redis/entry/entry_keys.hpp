#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <neve/cache/redis_options.hpp>
#include <neve/key/key.hpp>

namespace neve::redis {

/// The Redis keys of one entry. They are an interface: phys-pipeline uses the same names for the first two.
struct EntryKeys {
  std::string meta;    ///< the JSON text
  std::string arrays;  ///< the NPZ file
  std::string facts;   ///< what neve knows besides: cost, expiry, and which half lies in the blob folder
};

[[nodiscard]] inline EntryKeys entry_keys(const RedisOptions& options, const Key& key) {
  const bool tagged = options.key_style == RedisKeyStyle::tagged;
  std::string stem;
  stem.reserve(options.prefix.size() + key.text().size() + 3);
  stem.append(options.prefix).append(tagged ? ":{" : ":").append(key.text()).append(tagged ? "}" : "");
  return {stem + ":meta", stem + ":arrays", stem + ":facts"};
}

/// The key of the entry that `name`, ending in `:suffix`, belongs to; nothing if it is no such name.
[[nodiscard]] inline std::optional<Key> key_of(const RedisOptions& options, std::string_view name,
                                               std::string_view suffix) {
  const bool tagged = options.key_style == RedisKeyStyle::tagged;
  const std::string before = options.prefix + (tagged ? ":{" : ":");
  const std::string behind = (tagged ? "}:" : ":") + std::string(suffix);
  if (name.size() < before.size() + behind.size() || !name.starts_with(before) || !name.ends_with(behind)) return {};
  const std::string_view text = name.substr(before.size(), name.size() - before.size() - behind.size());
  return Key::is_valid(text) ? std::optional<Key>(std::string(text)) : std::nullopt;
}

/// The Redis key of the lease on computing an entry; in the entry's slot, so that a store can check it.
[[nodiscard]] inline std::string lease_key(const RedisOptions& options, const Key& key) {
  const std::string meta = entry_keys(options, key).meta;
  return meta.substr(0, meta.rfind(':')) + ":lease";
}

/// What stands there for a moment instead of a token: the holder's result was not kept, and nobody holds the lease.
inline constexpr std::string_view kUnkeptLease = "unkept";

/// `text` as a pattern that only it matches.
[[nodiscard]] inline std::string literal_pattern(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("*?[]^\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

/// The pattern that SCAN finds all entries' keys ending in `:suffix` with.
[[nodiscard]] inline std::string entry_pattern(const RedisOptions& options, const std::string& suffix) {
  return literal_pattern(options.prefix) + (options.key_style == RedisKeyStyle::tagged ? ":{*}:" : ":*:") + suffix;
}

/// The same for entries of either style, which share a blob folder.
[[nodiscard]] inline std::string any_entry_pattern(const RedisOptions& options, const std::string& suffix) {
  return literal_pattern(options.prefix) + ":*:" + suffix;
}

}  // namespace neve::redis
