#include "dataset/ingest/received_file.hpp"

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>

#include "dataset/text/file_input.hpp"
#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kPatience{100};  // with a pipe, before it is asked whether to go on

}  // namespace

FileKind kind_of(std::string_view head, const std::string& name) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xFF\xFE\0\0"sv) || head.starts_with("\0\0\xFE\xFF"sv)) {
    throw Error(ErrorCode::unsupported, "'" + name + "' is a text in UTF-32; save it as UTF-8 and add it again");
  }
  if (head.starts_with("\x1F\x8B"sv)) return FileKind::gzip;
  if (head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv)) return FileKind::zip;
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv)) return FileKind::ole;
  constexpr std::array<std::pair<std::string_view, const char*>, 13> kOthers{
      {{"%PDF"sv, "a PDF"},
       {"\x89PNG"sv, "a picture"},
       {"\xFF\xD8\xFF"sv, "a picture"},
       {"GIF8"sv, "a picture"},
       {"PAR1"sv, "a Parquet file"},
       {"SQLite format 3"sv, "a database"},
       {"\x7F"
        "ELF"sv,
        "a program"},
       {"BZh"sv, "compressed by bzip2; only gzip is read"},
       {"\xFD"
        "7zXZ"sv,
        "compressed by xz; only gzip is read"},
       {"\x28\xB5\x2F\xFD"sv, "compressed by zstd; only gzip is read"},
       {"7z\xBC\xAF"sv, "an archive"},
       {"Rar!"sv, "an archive"},
       {"ARROW1"sv, "an Arrow file"}}};
  for (const auto& [magic, what] : kOthers) {
    if (head.starts_with(magic)) {
      throw Error(ErrorCode::invalid_argument, "'" + name + "' is not a table: it is " + what);
    }
  }
  const std::string start = lower_case(trimmed(head.substr(0, 64)));
  if (start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<?xml") ||
      start.starts_with("<table")) {
    throw Error(ErrorCode::invalid_argument,
                "'" + name +
                    "' is not a table: it is HTML or XML; some programs name such files .xls, "
                    "open it there and save it as .xlsx or .csv");
  }
  if (start.starts_with("{") || start.starts_with("[{")) {
    throw Error(ErrorCode::invalid_argument, "'" + name + "' is not a table: it looks like JSON");
  }
  return FileKind::text;
}

ReceivedFile receive_file(const std::filesystem::path& from, const std::string& name, const std::filesystem::path& to,
                          const AddOptions& options, IngestProgress& progress) {
  progress.begin("copying");
  ReceivedFile file;
  file.path = to;
  file.name = name;
  if (!std::filesystem::exists(from))
    throw Error(ErrorCode::invalid_argument, "there is no file '" + from.string() + "'");
  FileInput input(open_source(from), from.string());
  const auto refuse_size = [&](std::uint64_t size) {
    if (size <= options.max_source_bytes) return;
    throw Error(ErrorCode::too_large, fmt::format("'{}' is larger than {} bytes, the most that is taken", file.name,
                                                  options.max_source_bytes));
  };
  refuse_size(input.size());
  FileOutput output(to);
  Sha256 digest;
  TextInspector inspector;
  std::vector<char> block(kBlock);
  const auto tell = [&] {  // nobody knows how much a pipe will bring
    progress.tell(input.size() == 0 ? -1 : static_cast<double>(file.bytes) / static_cast<double>(input.size()));
  };
  for (;;) {
    while (!input.wait_until_readable(kPatience)) tell();
    const std::size_t count = input.read(block);
    if (count == 0) break;
    if (file.bytes == 0) file.kind = kind_of({block.data(), count}, file.name);
    file.bytes += count;
    refuse_size(file.bytes);
    digest.update(std::string_view(block.data(), count));
    if (file.kind == FileKind::text) inspector.update({block.data(), count});
    output.write({block.data(), count});
    tell();
  }
  output.flush();
  if (file.bytes == 0) throw Error(ErrorCode::invalid_argument, "'" + file.name + "' is not a table: it is empty");
  file.sha256 = digest.finish_hex();
  file.finding = inspector.finding();
  return file;
}

}  // namespace neve::dataset
