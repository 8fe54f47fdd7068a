#include "cache/disk/entry/entry_names.hpp"

#include <cstring>

namespace neve {
namespace {

constexpr std::string_view kJsonSuffix = ".json";
constexpr std::string_view kNpzSuffix = ".npz";

void join(std::array<char, 208>& name, std::string_view key, std::string_view suffix) {
  std::memcpy(name.data(), key.data(), key.size());
  std::memcpy(name.data() + key.size(), suffix.data(), suffix.size());
  name[key.size() + suffix.size()] = '\0';
}

}  // namespace

// A key has at most 200 characters, which Key guarantees; 208 hold it with the longer suffix and the end mark.
EntryNames::EntryNames(const Key& key) {
  join(json_, key.text(), kJsonSuffix);
  join(npz_, key.text(), kNpzSuffix);
}

std::optional<EntryFileName> EntryFileName::parse(std::string_view file_name) noexcept {
  const bool json = file_name.ends_with(kJsonSuffix);
  if (!json && !file_name.ends_with(kNpzSuffix)) return std::nullopt;
  file_name.remove_suffix((json ? kJsonSuffix : kNpzSuffix).size());
  if (!Key::is_valid(file_name)) return std::nullopt;
  return EntryFileName{file_name, json ? Half::json : Half::npz};
}

}  // namespace neve
