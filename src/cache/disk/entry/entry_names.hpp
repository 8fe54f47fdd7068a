#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <neve/key/key.hpp>

namespace neve {

/// Which of an entry's two files.
enum class Half { json, npz };

/// The file names of an entry, `{key}.json` and `{key}.npz`, without allocating. A plain value.
class EntryNames {
 public:
  explicit EntryNames(const Key& key);

  [[nodiscard]] const char* json() const noexcept { return json_.data(); }
  [[nodiscard]] const char* npz() const noexcept { return npz_.data(); }
  [[nodiscard]] const char* of(Half half) const noexcept { return half == Half::json ? json() : npz(); }

 private:
  std::array<char, 208> json_;
  std::array<char, 208> npz_;
};

/// A file name taken apart again; nothing if it is not the name of one half of an entry.
struct EntryFileName {
  std::string_view key;
  Half half;

  [[nodiscard]] static std::optional<EntryFileName> parse(std::string_view file_name) noexcept;
};

}  // namespace neve
