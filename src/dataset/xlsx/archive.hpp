#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace neve::dataset {

/// The parts of an Office file: members of a zip archive, read from the front. Used by one thread.
///
/// Every byte that comes out of any part is counted, whatever the archive says about sizes: beyond `most_bytes`, or
/// beyond 500 times the size of a file that unpacks to 256 MiB and more, reading ends with `too_large`.
class XlsxArchive {
 public:
  /// Throws `corrupt` if it is no zip archive.
  XlsxArchive(const std::filesystem::path& path, std::string name, std::uint64_t most_bytes);
  ~XlsxArchive();
  XlsxArchive(const XlsxArchive&) = delete;
  XlsxArchive& operator=(const XlsxArchive&) = delete;

  /// Part names have no slash in front; their case does not matter, nor whether the archive has backslashes in them.
  [[nodiscard]] bool has(const std::string& part);

  /// Hands over the part piece by piece, with how much of it (0 to 1) is behind that, as far as the archive tells.
  /// Throws `corrupt` if it is missing, damaged or encrypted.
  void read(const std::string& part, const std::function<void(std::span<const char>, double fraction)>& consume);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  void count(std::uint64_t bytes);

  void* zip_;
  std::string name_;
  std::uint64_t packed_bytes_;
  std::uint64_t most_bytes_;
  std::uint64_t unpacked_bytes_ = 0;
};

/// The name of the part that a relationship of the part `base` points to: in `xl/workbook.xml` both `/xl/a.xml` and
/// `a.xml` are `xl/a.xml`. Nothing if the path climbs out of the archive.
[[nodiscard]] std::optional<std::string> resolve_part(std::string_view base, std::string_view target);

}  // namespace neve::dataset
