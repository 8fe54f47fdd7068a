#include <neve/dataset/dataset_store.hpp>

#include <algorithm>
#include <cerrno>
#include <limits>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/base/nearest.hpp>

#include "dataset/dataset_folder.hpp"
#include "dataset/intact_files.hpp"
#include "dataset/json_member.hpp"
#include "dataset/known_records.hpp"
#include "dataset/staging_folder.hpp"
#include "dataset/values/base_letter.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::size_t kKnownTables = 1024;
constexpr std::size_t kKnownArtifacts = 16384;
constexpr std::uint64_t kLargestDocument = std::uint64_t{256} << 20;

bool plain(char c) { return is_lower(c) || is_digit(c); }

/// Names in the folder of datasets: what is there, what was removed, and whatever else somebody put there. Throws `io`.
std::vector<std::string> folder_names(const std::filesystem::path& datasets) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator item(datasets, error);
  for (; !error && item != std::filesystem::directory_iterator(); item.increment(error))
    names.push_back(item->path().filename().string());
  if (error && error != std::errc::no_such_file_or_directory)
    throw io_error("cannot read '" + datasets.string() + "'", error.value());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> known_ids(const std::filesystem::path& datasets) {
  std::vector<std::string> ids = folder_names(datasets);
  std::error_code none;
  std::erase_if(ids, [&](const std::string& id) { return !std::filesystem::exists(record_file(datasets / id), none); });
  return ids;
}

/// Whether an error is of one record, and says nothing about the others.
bool is_of_one_record(const Error& error) {
  if (error.code() == ErrorCode::io) return error.error_number() != EMFILE && error.error_number() != ENFILE;
  return error.code() == ErrorCode::corrupt || error.code() == ErrorCode::unsupported ||
         error.code() == ErrorCode::too_large;
}

/// What `read` makes of the dataset's record; again, if the record's generation went while it was read.
template <class Read>
auto read_current(const DatasetStore& store, std::string_view id, const Read& read) {
  while (true) {
    const auto record = store.current(id);
    try {
      return read(*record);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::corrupt || store.generation(id) == record->generation) throw;
    }
  }
}

/// Whether there was no room for what `write` does; it is done otherwise.
template <class Write>
bool refused_for_room(const Write& write) {
  try {
    write();
    return false;
  } catch (const Error& error) {
    if (error.error_number() != ENOSPC && error.error_number() != EDQUOT) throw;
  } catch (const std::filesystem::filesystem_error& error) {
    if (error.code().value() != ENOSPC && error.code().value() != EDQUOT) throw;
  }
  return true;
}

Bytes read_document(const std::filesystem::path& path) {
  auto bytes = read_file(path, kLargestDocument);
  if (!bytes) throw Error(ErrorCode::corrupt, "'" + path.string() + "' is missing");
  return *std::move(bytes);
}

}  // namespace

void check_dataset_id(std::string_view id) {
  const bool good = !id.empty() && id.size() <= kLongestId && plain(id.front()) &&
                    std::all_of(id.begin(), id.end(), [](char c) { return plain(c) || c == '_' || c == '-'; });
  if (good) return;
  throw Error(ErrorCode::invalid_argument, "'" + std::string(id) +
                                               "' is no dataset id: 1 to 64 of a-z, 0-9, _ and -, the first a letter "
                                               "or digit");
}

std::string dataset_id_of(const std::filesystem::path& file) {
  std::string stem = file.filename().string();
  for (const char* ending : {".gz", ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm"}) {
    const std::string_view end(ending);
    if (stem.size() <= end.size()) continue;
    const std::size_t before = stem.size() - end.size();
    if (equals_ignoring_case(std::string_view(stem).substr(before), end)) stem.resize(before);
  }
  std::string id;
  bool lost = false;  // letters that an id cannot have
  for (std::string_view rest = stem; !rest.empty();) {
    const bool hyphen = rest.front() == '-';
    std::string letter;
    if (append_letter(rest, letter) && std::all_of(letter.begin(), letter.end(), plain)) {
      id += letter;
      continue;
    }
    lost = lost || !letter.empty();
    if (hyphen && !id.empty()) {
      id += '-';
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  const auto trim = [&id] {
    while (!id.empty() && (id.back() == '_' || id.back() == '-')) id.pop_back();
  };
  trim();
  if (!lost && !id.empty() && id.size() <= kLongestId) return id;
  // Files whose names differ in what is lost are different datasets: none may take another's place.
  constexpr std::size_t kDigits = 8;
  id.resize(std::min(id.size(), kLongestId - kDigits - 1));
  trim();
  return (id.empty() ? "dataset" : id) + "-" + sha256_hex(stem).substr(0, kDigits);
}

DatasetStore::DatasetStore(std::filesystem::path root, const Clock& clock)
    : root_(std::move(root)),
      clock_(clock),
      known_(std::make_shared<KnownRecords>(clock_)),
      tables_(std::make_shared<IntactFiles>(kKnownTables)),
      artifacts_(std::make_shared<IntactFiles>(kKnownArtifacts)) {}

std::vector<DatasetRecord> DatasetStore::list(const std::function<void(const std::string&)>& damaged) const {
  return list_page("", std::numeric_limits<std::size_t>::max(), damaged);
}

std::vector<DatasetRecord> DatasetStore::list_page(std::string_view after, std::size_t most,
                                                   const std::function<void(const std::string&)>& damaged) const {
  const StoreLayout layout{root_};
  std::vector<DatasetRecord> records;
  for (const std::string& id : folder_names(layout.datasets())) {
    if (records.size() == most) break;
    if (id <= after) continue;
    try {
      if (auto record = read_record(layout.dataset(id), id)) records.push_back(std::move(*record));
    } catch (const Error& error) {
      if (!is_of_one_record(error)) throw;
      if (damaged) damaged("dataset '" + id + "': " + error.what());
    }
  }
  return records;
}

void DatasetStore::require(std::string_view id) const {
  try {
    static_cast<void>(current(id));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
  }
}

DatasetRecord DatasetStore::find(std::string_view id) const { return *current(id); }

std::shared_ptr<const DatasetRecord> DatasetStore::current(std::string_view id) const {
  check_dataset_id(id);
  // While a folder is exchanged for another, a path may still lead into the one that is being taken away.
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (auto record = known_->read(root_, id)) return record;
  }
  const std::vector<std::string> ids = known_ids(StoreLayout{root_}.datasets());
  throw UnknownDataset("there is no dataset '" + std::string(id) + "'" +
                       (ids.empty() ? " and no other: 'neve dataset add FILE' adds one" : suggestion(id, ids)));
}

void DatasetStore::remove(std::string_view id) const {
  require(id);
  const StoreLayout layout{root_};
  const FileLock lock(layout.locks() / id);
  const auto replace = [&] {
    StagingFolder remains(layout.staging());
    // Another number than what was removed had: an analysis of that which is still under way sees that it has gone.
    write_generation(remains.path(), next_generation(layout.dataset(id), clock_.now()));
    remains.publish_as(layout.dataset(id));
  };
  // What can be made again goes first, and what is only kept for reference: should it not be enough, the dataset can
  // still be asked.
  for (const char* expendable : {"analyses", "original"}) {
    if (!refused_for_room(replace)) return;
    std::error_code none;
    std::filesystem::remove_all(layout.dataset(id) / expendable, none);
  }
  replace();
}

std::uint64_t DatasetStore::generation(std::string_view id) const {
  check_dataset_id(id);
  return read_generation(StoreLayout{root_}.dataset(id));
}

Schema DatasetStore::schema(const DatasetRecord& record) const {
  const Bytes text = read_document(record.schema);
  if (sha256_hex(text.span()) != record.schema_sha256) {
    throw Error(ErrorCode::corrupt,
                "'" + record.schema.string() + "' is not what was written there; add the file again");
  }
  return Schema::from_json(parse_json_of(record.schema.string(), text.text()));
}

void DatasetStore::require_intact_table(const DatasetRecord& record) const {
  if (tables_->holds(record.normalized, record.normalized_sha256)) return;
  const std::string name = "'" + record.normalized.string() + "'";
  if (!std::filesystem::exists(record.normalized))
    throw Error(ErrorCode::corrupt, name + " is missing; add the file again");
  throw Error(ErrorCode::corrupt, name + " is not what was written there: add '" + record.original.string() +
                                      "' again, as the same dataset");
}

bool DatasetStore::is_intact_artifact(const std::filesystem::path& file, const std::string& sha256) const {
  return artifacts_->holds(file, sha256);
}

Json DatasetStore::lineage(const DatasetRecord& record) const {
  return parse_json_of(record.lineage.string(), read_document(record.lineage).text());
}

Schema DatasetStore::current_schema(std::string_view id) const {
  return read_current(*this, id, [this](const DatasetRecord& record) { return schema(record); });
}

Json DatasetStore::current_lineage(std::string_view id) const {
  return read_current(*this, id, [this](const DatasetRecord& record) { return lineage(record); });
}

}  // namespace neve::dataset
