#include "dataset/ingest/prepared_text.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include <neve/dataset/refused_file.hpp>

#include "dataset/enum_names.hpp"
#include "dataset/ingest/sheet_text.hpp"
#include "dataset/text/file_input.hpp"
#include "dataset/text/gunzip.hpp"
#include "dataset/text/transcode.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

/// What a gzip file may unpack to: gzip itself cannot do more than about 1,030 to 1, and tables hardly more than 50.
constexpr std::uint64_t kBombRatio = 500;
constexpr std::uint64_t kBombBytes = std::uint64_t{256} << 20;

ReceivedFile unpack(const ReceivedFile& packed, const std::filesystem::path& to, const AddOptions& options,
                    IngestProgress& progress) {
  progress.begin("unpacking");
  FileInput input(packed.path);
  GunzipInput unpacked(input, packed.name);
  FileOutput output(to);
  ReceivedFile file;
  file.path = to;
  file.name = packed.name;
  TextInspector inspector;
  std::vector<char> block(kBlock);
  while (const std::size_t count = unpacked.read(block)) {
    if (file.bytes == 0) file.kind = kind_of({block.data(), count}, file.name);
    file.bytes += count;
    if (file.bytes > options.max_unpacked_bytes) {
      throw ArchiveBomb(fmt::format("'{}' unpacks to more than {} bytes, the most that is taken", file.name,
                                    options.max_unpacked_bytes));
    }
    if (file.bytes > kBombBytes && file.bytes / kBombRatio > packed.bytes) {
      throw ArchiveBomb(
          fmt::format("'{}' unpacks to more than {} times its size, which no table does", file.name, kBombRatio));
    }
    inspector.update({block.data(), count});
    output.write({block.data(), count});
    progress.tell(static_cast<double>(input.position()) / static_cast<double>(packed.bytes));
  }
  output.flush();
  if (file.bytes == 0) throw Error(ErrorCode::invalid_argument, "'" + file.name + "' is not a table: it is empty");
  file.finding = inspector.finding();
  return file;
}

/// The encoding that was asked for, or found.
Encoding encoding_of(const ReceivedFile& file, const std::string& asked) {
  if (asked.empty()) return file.finding.encoding;
  enum class Asked { utf8, utf16, latin1, windows1252 };
  constexpr EnumNames<Asked, 4> kNames{{{Asked::utf8, "utf-8"},
                                        {Asked::utf16, "utf-16"},
                                        {Asked::latin1, "latin-1"},
                                        {Asked::windows1252, "windows-1252"}}};
  const auto named = [&] {
    try {
      return value_of(kNames, asked, "encoding", ErrorCode::invalid_argument);
    } catch (const Error& error) {
      throw WrongOption("encoding", error.what());
    }
  };
  switch (named()) {
    case Asked::utf16:
      return file.finding.encoding == Encoding::utf16_big ? Encoding::utf16_big : Encoding::utf16_little;
    case Asked::latin1:
      return Encoding::latin1;
    case Asked::windows1252:
      return Encoding::windows1252;
    case Asked::utf8:
      break;
  }
  return Encoding::utf8;
}

std::uint64_t transcode(const ReceivedFile& file, Encoding encoding, StrayBytes strays, const std::filesystem::path& to,
                        IngestProgress& progress) {
  progress.begin("transcoding");
  FileInput input(file.path, file.finding.encoding == encoding ? file.finding.mark_bytes : 0);
  FileOutput output(to);
  Transcoder transcoder(encoding, strays);
  std::vector<char> block(kBlock);
  std::string text;
  while (const std::size_t count = input.read(block)) {
    text.clear();
    transcoder.append({block.data(), count}, text);
    output.write(text);
    progress.tell(static_cast<double>(input.position()) / static_cast<double>(file.bytes));
  }
  text.clear();
  transcoder.finish(text);
  output.write(text);
  output.flush();
  return transcoder.replaced();
}

/// The line of the byte at `position`, from 1.
std::uint64_t line_at(const ReceivedFile& file, std::uint64_t position) {
  FileInput input(file.path);
  std::vector<char> block(kBlock);
  std::uint64_t feeds = 0;
  std::uint64_t returns = 0;
  for (std::uint64_t left = position; left > 0;) {
    const std::size_t count = std::min<std::uint64_t>(input.read(block), left);
    if (count == 0) break;
    feeds += static_cast<std::uint64_t>(std::count(block.data(), block.data() + count, '\n'));
    returns += static_cast<std::uint64_t>(std::count(block.data(), block.data() + count, '\r'));
    left -= count;
  }
  return 1 + (feeds > 0 ? feeds : returns);
}

/// What to say of a text that holds UTF-8 and other bytes, which nobody can be sure to have read as they were meant.
std::string mixed_encodings(const ReceivedFile& file, Encoding encoding) {
  const TextInspector::Finding& finding = file.finding;
  const std::string what =
      fmt::format("{} {} no UTF-8, the first in line {}; ", finding.strays,
                  finding.strays == 1 ? "byte is" : "bytes are", line_at(file, finding.first_stray));
  if (encoding == Encoding::utf8) return what + "the rest is, so these alone were read as windows-1252";
  return what +
         fmt::format(
             "the text was read as {}, though {} of its characters could be UTF-8; a named encoding says otherwise",
             to_string(encoding), finding.characters);
}

/// What to say of a text in which Windows-1252 has signs within words.
std::string doubtful_encoding(const ReceivedFile& file, Encoding encoding) {
  return fmt::format(
      "signs stand within words where code pages 437 and 850 of DOS have letters, the first in line {}; "
      "the text was read as {}, so names may be wrong: save it as UTF-8 and add it again",
      line_at(file, file.finding.first_sign), to_string(encoding));
}

/// An OLE file is an encrypted workbook or one of Excel before 2007; the names of its streams, in UTF-16, say which.
[[noreturn]] void refuse_ole(const ReceivedFile& file) {
  std::string needle;
  for (const char c : std::string_view("EncryptedPackage")) needle += {c, '\0'};
  FileInput input(file.path);
  std::string window;
  std::vector<char> block(kBlock);
  while (const std::size_t count = input.read(block)) {
    window.append(block.data(), count);
    if (window.find(needle) != std::string::npos) {
      throw EncryptedWorkbook("'" + file.name +
                              "' is a workbook with a password; save it without one and add it again");
    }
    window.erase(0, window.size() - std::min(window.size(), needle.size()));
  }
  throw Error(
      ErrorCode::unsupported,
      "'" + file.name + "' is a workbook of Excel before 2007 (.xls), or another old Office file; save it as .xlsx");
}

PreparedText prepare_sheet(const ReceivedFile& file, const std::filesystem::path& work, const AddOptions& options,
                           IngestProgress& progress) {
  progress.begin("reading the sheet");
  SheetText sheet = write_sheet_text(file.path, file.name, work / "sheet.csv", options, progress);
  PreparedText prepared;
  prepared.text = {work / "sheet.csv", 0, sheet.width, Dialect{}, sheet.day_zero};
  prepared.steps.push_back(std::move(sheet.step));
  prepared.missing_values = std::move(sheet.missing_values);
  prepared.other_sheets = std::move(sheet.other_sheets);
  prepared.merged = std::move(sheet.merged);
  prepared.hidden = std::move(sheet.hidden);
  return prepared;
}

PreparedText prepare_plain_text(const ReceivedFile& file, const std::filesystem::path& work, const AddOptions& options,
                                IngestProgress& progress) {
  if (!options.sheet.empty()) {
    throw WrongOption("sheet", "'" + file.name + "' is a text without sheets, so there is none to choose");
  }
  const Encoding encoding = encoding_of(file, options.encoding);
  const bool sixteen = encoding == Encoding::utf16_little || encoding == Encoding::utf16_big;
  if (file.finding.binary && !sixteen) {
    throw Error(ErrorCode::invalid_argument,
                "'" + file.name +
                    "' is not a table: it holds zero bytes, as no text does; if it is a text in UTF-16 "
                    "without a byte order mark, the encoding utf-16 reads it");
  }
  const bool asked = !options.encoding.empty();
  const bool mixed = file.finding.characters > 0 && file.finding.strays > 0;
  const bool is_utf8 = encoding == Encoding::utf8 && file.finding.encoding == Encoding::utf8;
  PreparedText prepared;
  if (mixed && !asked && !sixteen) prepared.mixed_encodings = mixed_encodings(file, encoding);
  if (file.finding.may_be_dos && !asked) prepared.doubtful_encoding = doubtful_encoding(file, encoding);
  if (is_utf8 && file.finding.strays == 0) {
    prepared.text.path = file.path;
    prepared.text.skip = file.finding.mark_bytes;
  } else {
    const StrayBytes strays = asked ? StrayBytes::replace : StrayBytes::as_windows1252;
    prepared.replaced_characters = transcode(file, encoding, strays, work / "text", progress);
    prepared.text.path = work / "text";
  }
  prepared.steps.push_back({{"step", "decode"},
                            {"encoding", to_string(encoding)},
                            {"asked_for", asked},
                            {"stray_bytes", sixteen ? 0 : file.finding.strays},
                            {"replaced_characters", prepared.replaced_characters}});
  return prepared;
}

/// Any file but a gzipped one.
PreparedText prepare_unpacked(const ReceivedFile& file, const std::filesystem::path& work, const AddOptions& options,
                              IngestProgress& progress) {
  if (file.kind == FileKind::ole) refuse_ole(file);
  return file.kind == FileKind::zip ? prepare_sheet(file, work, options, progress)
                                    : prepare_plain_text(file, work, options, progress);
}

}  // namespace

PreparedText prepare_text(const ReceivedFile& received, const std::filesystem::path& work, const AddOptions& options,
                          IngestProgress& progress) {
  if (received.kind != FileKind::gzip) return prepare_unpacked(received, work, options, progress);
  const ReceivedFile file = unpack(received, work / "unpacked", options, progress);
  if (file.kind == FileKind::gzip) throw Error(ErrorCode::unsupported, "'" + file.name + "' is gzipped twice");
  PreparedText prepared = prepare_unpacked(file, work, options, progress);
  const Json unpacked{{"step", "unpack"}, {"format", "gzip"}, {"bytes", file.bytes}};
  prepared.steps.insert(prepared.steps.begin(), unpacked);
  return prepared;
}

}  // namespace neve::dataset
