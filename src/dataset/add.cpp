#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/base/utf8.hpp>
#include <neve/dataset/dataset_store.hpp>
#include <neve/dataset/option_words.hpp>
#include <neve/dataset/refused_file.hpp>

#include "dataset/dataset_folder.hpp"
#include "dataset/file_sha256.hpp"
#include "dataset/ingest/normaliser.hpp"
#include "dataset/normaliser_version.hpp"
#include "dataset/parquet/parquet_writer.hpp"
#include "dataset/staging_folder.hpp"
#include "dataset/text/file_input.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestName = 200;
constexpr std::uint64_t kLineageVersion = 1;
constexpr std::uint64_t kLargestLineage = std::uint64_t{256} << 20;

/// A name for the copy in original/: the file's own without anything that could lead elsewhere.
std::string safe_name(const std::string& name) {
  std::string safe;
  for (const char c : std::filesystem::path(name).filename().string()) {
    safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\' ? '_' : c;
  }
  if (safe.size() > kLongestName) safe.erase(0, safe.size() - kLongestName);  // the ending says more than the beginning
  while (!safe.empty() && is_utf8_continuation(safe.front())) safe.erase(0, 1);
  if (safe.starts_with('.')) safe.front() = '_';
  return safe.empty() ? "upload" : safe;
}

/// Options may come from an upload's form: nothing is taken on trust.
void check_options(const AddOptions& options) {
  const auto refuse = [](const char* option, const std::string& what) { throw WrongOption(option, what); };
  const auto plain = [](char c) { return c == '\t' || (c >= ' ' && c <= '~' && c != '\\'); };
  if (options.delimiter && !plain(*options.delimiter))
    refuse("delimiter", "the delimiter must be one ASCII character, and no line end");
  if (options.quote && *options.quote != '\0' && (!plain(*options.quote) || *options.quote == '\t')) {
    refuse("quote", "the quote must be one ASCII character, and no line end");
  }
  if (options.delimiter && options.quote && *options.delimiter == *options.quote)
    refuse("quote", "delimiter and quote must differ");
  if (options.decimal_mark && *options.decimal_mark != '.' && *options.decimal_mark != ',') {
    refuse("decimal", "the decimal mark must be . or ,");
  }
}

/// Everything but the file that the normalised bytes depend on.
Json options_json(const AddOptions& options) {
  const auto character = [](const std::optional<char>& c) { return c ? Json(std::string(1, *c)) : Json(); };
  Json types = Json::object();
  for (const auto& [name, type] : options.types) types[name] = to_string(type);
  return {{"normaliser_version", kNormaliserVersion},
          {"duckdb", duckdb_version()},
          {"sheet", options.sheet},
          {"encoding", options.encoding},
          {"delimiter", character(options.delimiter)},
          {"quote", character(options.quote)},
          {"header_row", options.header_row ? Json(*options.header_row) : Json()},
          {"date_order", to_string(options.date_order)},
          {"decimal_mark", character(options.decimal_mark)},
          {"totals", to_string(options.total_rows)},
          {"unpivot", options.unpivot},
          {"types", std::move(types)}};
}

/// The SHA-256 of what was written.
std::string write_json(const std::filesystem::path& path, const Json& json) {
  const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  FileOutput output(path);
  output.write(text);
  output.flush();
  return sha256_hex(text);
}

/// The steps of earlier generations, which stay. A damaged lineage.json is kept as `damaged`, and told as a step.
Json steps_before(const std::filesystem::path& lineage, const std::filesystem::path& damaged) {
  if (!std::filesystem::exists(lineage)) return Json::array();
  std::string reason = "no list of steps";
  try {
    const auto bytes = read_file(lineage, kLargestLineage);
    const Json json = parse_json(bytes ? bytes->text() : "");
    if (json.is_object() && json.contains("steps") && json["steps"].is_array()) return json["steps"];
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt && error.code() != ErrorCode::too_large) throw;
    reason = error.what();
  }
  std::filesystem::copy_file(lineage, damaged);
  return Json::array(
      {{{"step", "damaged_lineage"}, {"generation", 0}, {"reason", reason}, {"kept_as", damaged.filename().string()}}});
}

/// What `read` finds; nothing where it finds damage, which an addition then mends.
template <class Read>
auto unless_damaged(const Read& read) -> decltype(read()) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    return std::nullopt;
  }
}

/// The dataset in `target` if it was made from the same file in the same way as `record`. Throws `corrupt`.
std::optional<AddResult> known_of_same_content(const DatasetStore& store, const std::filesystem::path& target,
                                               const DatasetRecord& record) {
  auto there = read_record(target, record.id);
  if (!there || there->content_sha256 != record.content_sha256 || there->options_sha256 != record.options_sha256) {
    return std::nullopt;
  }
  Schema schema = store.schema(*there);
  store.require_intact_table(*there);
  return AddResult{*std::move(there), std::move(schema), false, false};
}

/// What can be said before the file is looked at.
DatasetRecord record_for(const std::filesystem::path& file, const AddOptions& options) {
  DatasetRecord record;
  record.id = options.id.empty() ? dataset_id_of(options.source_name.empty() ? file.string() : options.source_name)
                                 : options.id;
  check_dataset_id(record.id);
  record.source_name = safe_name(options.source_name.empty() ? file.filename().string() : options.source_name);
  record.name = options.name.empty() ? record.source_name : options.name;
  return record;
}

/// Writes the table and its schema where `record` has them, and completes it. What was done is appended to `steps`.
Schema make_table(const ReceivedFile& received, const AddOptions& options, IngestProgress& progress,
                  DatasetRecord& record, Json& steps) {
  const std::filesystem::path work = record.folder / "work";
  std::filesystem::create_directory(work);
  PreparedText prepared = prepare_text(received, work, options, progress);
  Normalised normalised = normalise(prepared, received.name, record.normalized, options, progress);
  std::filesystem::remove_all(work);
  record.rows = normalised.schema.rows;
  record.rejected_rows = normalised.rejected_rows;
  record.columns = normalised.schema.columns.size();
  record.schema_sha256 = write_json(record.schema, normalised.schema.to_json());
  record.normalized_sha256 = file_sha256(record.normalized);
  for (Json& step : prepared.steps) steps.push_back(std::move(step));
  for (Json& step : normalised.steps) steps.push_back(std::move(step));
  steps.push_back(
      {{"step", "write"}, {"file", "normalized.parquet"}, {"rows", record.rows}, {"sha256", record.normalized_sha256}});
  return std::move(normalised.schema);
}

/// Writes lineage.json: the steps of the dataset in `target`, which stay, and those of `record`'s generation.
void write_lineage(const DatasetRecord& record, const std::filesystem::path& target, Json steps) {
  Json all = steps_before(target / "lineage.json",
                          record.folder / ("lineage.damaged-" + std::to_string(record.generation) + ".json"));
  for (Json& step : steps) {
    step["generation"] = record.generation;
    all.push_back(std::move(step));
  }
  write_json(record.lineage,
             {{"lineage_version", kLineageVersion}, {"dataset_id", record.id}, {"steps", std::move(all)}});
}

}  // namespace

AddResult DatasetStore::add(const std::filesystem::path& file, const AddOptions& options) const {
  check_options(options);
  DatasetRecord record = record_for(file, options);
  const StoreLayout layout{root_};
  const std::filesystem::path target = layout.dataset(record.id);
  StagingFolder staging(layout.staging());
  set_paths(record, std::filesystem::absolute(staging.path()));
  make_folders(record.original.parent_path());
  make_folders(record.analyses);
  IngestProgress progress(options);
  const ReceivedFile received = receive_file(file, record.source_name, record.original, options, progress);
  record.content_sha256 = received.sha256;
  record.source_bytes = received.bytes;
  const Json asked = options_json(options);
  record.options_sha256 = sha256_hex(dump_compact_json(asked));
  const auto known = [&] { return unless_damaged([&] { return known_of_same_content(*this, target, record); }); };
  if (auto there = known()) return *std::move(there);

  Json steps = Json::array({{{"step", "receive"},
                             {"source_name", record.source_name},
                             {"bytes", record.source_bytes},
                             {"sha256", record.content_sha256},
                             {"options", asked}}});
  Schema schema = make_table(received, options, progress, record, steps);

  progress.begin("publishing");
  progress.tell(0);
  const FileLock lock(layout.locks() / record.id);
  if (auto there = known()) return *std::move(there);  // somebody else was faster
  const auto before = unless_damaged([&] { return read_record(target, record.id); });
  record.generation = next_generation(target, clock_.now());
  record.changed_at = clock_.now();
  record.created_at = before ? before->created_at : record.changed_at;
  write_lineage(record, target, std::move(steps));
  write_record(record.folder, record);
  staging.publish_as(target);
  set_paths(record, target);
  return {std::move(record), std::move(schema), true, before.has_value()};
}

}  // namespace neve::dataset
