#include "dataset/known_records.hpp"

#include "dataset/dataset_folder.hpp"

namespace neve::dataset {

std::shared_ptr<const DatasetRecord> KnownRecords::read(const std::filesystem::path& root, std::string_view id) {
  const std::shared_ptr<const Known> known = find(id);
  Known now;
  if (!known) {
    now.folder = StoreLayout{root}.dataset(id);
    now.file = record_file(now.folder);
  }
  auto text = read_record_text(known ? known->file : now.file);
  if (!text) return nullptr;
  if (known && known->text.text() == text->text()) return known->record;
  if (known) now = *known;
  now.text = *std::move(text);
  now.record = std::make_shared<const DatasetRecord>(parse_record(now.text.text(), now.folder, std::string(id)));
  auto record = now.record;
  remember(id, std::make_shared<const Known>(std::move(now)));
  return record;
}

std::shared_ptr<const KnownRecords::Known> KnownRecords::find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto position = known_.find(id);
  return position == known_.end() ? nullptr : position->second;
}

void KnownRecords::remember(std::string_view id, std::shared_ptr<const Known> known) {
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMost) known_.clear();
  known_.insert_or_assign(std::string(id), std::move(known));
}

}  // namespace neve::dataset
