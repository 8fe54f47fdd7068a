#include "dataset/xlsx/archive.hpp"

#include <minizip/unzip.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <neve/dataset/refused_file.hpp>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

constexpr std::size_t kBlock = std::size_t{128} << 10;
constexpr std::uint64_t kBombRatio = 500;
constexpr std::uint64_t kBombBytes = std::uint64_t{256} << 20;
constexpr int kIgnoringCase = 2;

[[noreturn]] void damaged(const std::string& name, const std::string& what) {
  throw Error(ErrorCode::corrupt, "the workbook '" + name + "' is damaged: " + what);
}

/// Closes the member that is open.
struct OpenMember {
  unzFile zip;
  ~OpenMember() {
    if (zip != nullptr) unzCloseCurrentFile(zip);
  }
  /// False if its checksum is wrong.
  bool close() { return unzCloseCurrentFile(std::exchange(zip, nullptr)) == UNZ_OK; }
};

}  // namespace

XlsxArchive::XlsxArchive(const std::filesystem::path& path, std::string name, std::uint64_t most_bytes)
    : zip_(unzOpen64(path.c_str())), name_(std::move(name)), packed_bytes_(0), most_bytes_(most_bytes) {
  if (zip_ == nullptr) damaged(name_, "it is a zip archive without its directory, perhaps cut off");
  packed_bytes_ = std::filesystem::file_size(path);
}

XlsxArchive::~XlsxArchive() { unzClose(zip_); }

bool XlsxArchive::has(const std::string& part) {
  const auto locate = [this](const std::string& name) {
    return unzLocateFile(zip_, name.c_str(), kIgnoringCase) == UNZ_OK;
  };
  if (locate(part)) return true;
  // Some programs on Windows write xl\workbook.xml, which no zip archive may, and spreadsheets open it.
  std::string name = part;
  std::replace(name.begin(), name.end(), '/', '\\');
  return name != part && locate(name);
}

void XlsxArchive::count(std::uint64_t bytes) {
  unpacked_bytes_ += bytes;
  if (unpacked_bytes_ > most_bytes_) {
    throw ArchiveBomb(
        fmt::format("the workbook '{}' unpacks to more than {} bytes, the most that is taken", name_, most_bytes_));
  }
  if (unpacked_bytes_ > kBombBytes && unpacked_bytes_ / kBombRatio > packed_bytes_) {
    throw ArchiveBomb(fmt::format("the workbook '{}' unpacks to more than {} times its size, which no table does",
                                  name_, kBombRatio));
  }
}

void XlsxArchive::read(const std::string& part, const std::function<void(std::span<const char>, double)>& consume) {
  if (!has(part)) damaged(name_, "it has no part '" + part + "'");
  unz_file_info64 info{};
  if (unzGetCurrentFileInfo64(zip_, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
    damaged(name_, "its part '" + part + "' cannot be read");
  }
  if ((info.flag & 1U) != 0) {
    throw EncryptedWorkbook("'" + name_ + "' is an archive with a password; save it without one and add it again");
  }
  if (unzOpenCurrentFile(zip_) != UNZ_OK) damaged(name_, "its part '" + part + "' cannot be read");
  OpenMember member{zip_};
  std::vector<char> block(kBlock);
  std::uint64_t done = 0;
  while (true) {
    const int size = unzReadCurrentFile(zip_, block.data(), static_cast<unsigned>(block.size()));
    if (size < 0) damaged(name_, "its part '" + part + "' cannot be unpacked");
    if (size == 0) break;
    done += static_cast<std::uint64_t>(size);
    count(static_cast<std::uint64_t>(size));
    consume({block.data(), static_cast<std::size_t>(size)},
            info.uncompressed_size == 0 ? 1 : static_cast<double>(done) / static_cast<double>(info.uncompressed_size));
  }
  if (!member.close()) damaged(name_, "the checksum of its part '" + part + "' is wrong");
}

std::optional<std::string> resolve_part(std::string_view base, std::string_view target) {
  std::vector<std::string_view> folders;
  bool inside = true;
  const auto descend = [&](std::string_view path) {
    while (!path.empty()) {
      const std::size_t slash = path.find('/');
      const std::string_view step = path.substr(0, slash);
      path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
      if (step == "..") {
        inside = inside && !folders.empty();
        if (!folders.empty()) folders.pop_back();
      } else if (!step.empty() && step != ".") {
        folders.push_back(step);
      }
    }
  };
  const std::size_t slash = base.rfind('/');
  if (!target.starts_with('/') && slash != std::string_view::npos) descend(base.substr(0, slash));
  descend(target);
  if (!inside) return std::nullopt;
  std::string part;
  for (const std::string_view step : folders) {
    if (!part.empty()) part += '/';
    part += step;
  }
  return part;
}

}  // namespace neve::dataset
