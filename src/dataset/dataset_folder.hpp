#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Where things are under a store's root. Ids are checked before they come here.
struct StoreLayout {
  std::filesystem::path root;

  [[nodiscard]] std::filesystem::path datasets() const { return root / "datasets"; }
  [[nodiscard]] std::filesystem::path dataset(std::string_view id) const { return datasets() / id; }
  /// Folders under construction, on the file system of the datasets so that they can be renamed into place.
  [[nodiscard]] std::filesystem::path staging() const { return root / ".staging"; }
  [[nodiscard]] std::filesystem::path locks() const { return root / ".locks"; }
};

/// Fills the paths of `record` for a dataset that stands, or is being built, in `folder`.
void set_paths(DatasetRecord& record, const std::filesystem::path& folder);

/// The file that holds the record of the dataset in `folder`.
[[nodiscard]] std::filesystem::path record_file(const std::filesystem::path& folder);

/// What is in it, or nothing if there is no dataset. Throws `io` and `too_large`.
[[nodiscard]] std::optional<Bytes> read_record_text(const std::filesystem::path& file);

/// The record that `text` is, of the dataset `id` in `folder`. Throws `corrupt` where it is damaged.
[[nodiscard]] DatasetRecord parse_record(std::string_view text, const std::filesystem::path& folder,
                                         const std::string& id);

/// The record in `folder`, or nothing if it holds no dataset. Throws as the two above.
[[nodiscard]] std::optional<DatasetRecord> read_record(const std::filesystem::path& folder, const std::string& id);

/// Writes dataset.json and the generation beside it, synced.
void write_record(const std::filesystem::path& folder, const DatasetRecord& record);

/// The generation written in `folder`; 0 where there is none. Throws `corrupt`.
[[nodiscard]] std::uint64_t read_generation(const std::filesystem::path& folder);

/// A generation that the dataset in `folder` never had. Where the files that count them are damaged it is the
/// milliseconds of `now`, beyond all that were counted.
[[nodiscard]] std::uint64_t next_generation(const std::filesystem::path& folder, TimePoint now);

void write_generation(const std::filesystem::path& folder, std::uint64_t generation);

}  // namespace neve::dataset
