#include "dataset/dataset_folder.hpp"

#include <algorithm>
#include <charconv>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "dataset/json_member.hpp"

namespace neve::dataset {
namespace {

constexpr std::uint64_t kRecordVersion = 2;
constexpr std::uint64_t kLargestRecord = std::uint64_t{1} << 20;

std::int64_t milliseconds_of(TimePoint time) { return time.time_since_epoch().count(); }

TimePoint time_of(std::uint64_t milliseconds) {
  return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

}  // namespace

Json DatasetRecord::to_json() const {
  return {{"id", id},
          {"name", name},
          {"generation", generation},
          {"content_sha256", content_sha256},
          {"options_sha256", options_sha256},
          {"normalized_sha256", normalized_sha256},
          {"schema_sha256", schema_sha256},
          {"source_name", source_name},
          {"source_bytes", source_bytes},
          {"rows", rows},
          {"rejected_rows", rejected_rows},
          {"columns", columns},
          {"created_at_ms", milliseconds_of(created_at)},
          {"changed_at_ms", milliseconds_of(changed_at)}};
}

void set_paths(DatasetRecord& record, const std::filesystem::path& folder) {
  record.folder = folder;
  record.original = folder / "original" / record.source_name;
  record.normalized = folder / "normalized.parquet";
  record.schema = folder / "schema.json";
  record.lineage = folder / "lineage.json";
  record.analyses = folder / "analyses";
}

std::filesystem::path record_file(const std::filesystem::path& folder) { return folder / "dataset.json"; }

std::optional<Bytes> read_record_text(const std::filesystem::path& file) { return read_file(file, kLargestRecord); }

std::optional<DatasetRecord> read_record(const std::filesystem::path& folder, const std::string& id) {
  const auto text = read_record_text(record_file(folder));
  if (!text) return std::nullopt;
  return parse_record(text->text(), folder, id);
}

DatasetRecord parse_record(std::string_view text, const std::filesystem::path& folder, const std::string& id) {
  const std::filesystem::path path = record_file(folder);
  const Json json = parse_json_of(path.string(), text);
  const MemberReader members(json, path.string());
  const std::uint64_t version = members.count("record_version");
  if (version > kRecordVersion) throw Error(ErrorCode::unsupported, path.string() + ": written by a newer neve");
  if (version < kRecordVersion) {
    throw Error(ErrorCode::corrupt, path.string() + ": written by an older neve; add the file again");
  }
  DatasetRecord record;
  record.id = members.text("id");
  if (record.id != id) throw Error(ErrorCode::corrupt, path.string() + ": says it is the dataset '" + record.id + "'");
  record.name = members.text("name");
  record.generation = members.count("generation");
  record.content_sha256 = members.text("content_sha256");
  record.options_sha256 = members.text("options_sha256");
  record.normalized_sha256 = members.text("normalized_sha256");
  record.schema_sha256 = members.text("schema_sha256");
  record.source_name = members.text("source_name");
  record.source_bytes = members.count("source_bytes");
  record.rows = members.count("rows");
  record.rejected_rows = members.count("rejected_rows");
  record.columns = members.count("columns");
  record.created_at = time_of(members.count("created_at_ms"));
  record.changed_at = time_of(members.count("changed_at_ms"));
  if (record.source_name.find('/') != std::string::npos || record.source_name.starts_with('.')) {
    throw Error(ErrorCode::corrupt, path.string() + ": 'source_name' must be a file's name");
  }
  set_paths(record, folder);
  return record;
}

void write_record(const std::filesystem::path& folder, const DatasetRecord& record) {
  Json json = record.to_json();
  json["record_version"] = kRecordVersion;
  replace_file(record_file(folder), as_byte_span(dump_spaced_json(json) + "\n"), Durability::full);
  write_generation(folder, record.generation);
}

std::uint64_t read_generation(const std::filesystem::path& folder) {
  const auto bytes = read_file(folder / "generation", 64);
  if (!bytes) return 0;
  std::string_view text = bytes->text();
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::uint64_t generation = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), generation);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Error(ErrorCode::corrupt, "'" + (folder / "generation").string() + "' holds no number");
  }
  return generation;
}

std::uint64_t next_generation(const std::filesystem::path& folder, TimePoint now) {
  try {
    const auto record = read_record(folder, folder.filename().string());
    return std::max(read_generation(folder), record ? record->generation : 0) + 1;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    return static_cast<std::uint64_t>(milliseconds_of(now));
  }
}

void write_generation(const std::filesystem::path& folder, std::uint64_t generation) {
  replace_file(folder / "generation", as_byte_span(std::to_string(generation) + "\n"), Durability::full);
}

}  // namespace neve::dataset
