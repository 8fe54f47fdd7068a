#include "dataset/known_records.hpp"

#include <fcntl.h>

#include <neve/base/file.hpp>
#include <neve/base/filesystem_facts.hpp>

#include "dataset/dataset_folder.hpp"

namespace neve::dataset {
namespace {

bool stamps_tell(const std::filesystem::path& path) {
  const FileDescriptor file = open_regular_file(path, O_RDONLY);
  return file.valid() && change_sign(file.get()) != ChangeSign::none;
}

}  // namespace

std::shared_ptr<const DatasetRecord> KnownRecords::read(const std::filesystem::path& root, std::string_view id) {
  const std::shared_ptr<const Known> known = find(id);
  if (known && known->stamp && file_stamp(known->file) == known->stamp) return known->record;
  Known now;
  if (known) {
    now = *known;
  } else {
    now.folder = StoreLayout{root}.dataset(id);
    now.file = record_file(now.folder);
  }
  look_at(now);  // before the file is read: what it holds is at least as new as the stamp
  auto text = read_record_text(now.file);
  if (!text) return nullptr;
  if (!known || known->text.text() != text->text()) {
    now.text = *std::move(text);
    now.record = std::make_shared<const DatasetRecord>(parse_record(now.text.text(), now.folder, std::string(id)));
  } else if (now.stamp == known->stamp && now.read_always == known->read_always) {
    return known->record;
  }
  auto record = now.record;
  remember(id, std::make_shared<const Known>(std::move(now)));
  return record;
}

/// Takes the file's stamp, if whatever is written to it from now on must leave another and everybody sees that at once.
void KnownRecords::look_at(Known& known) const {
  known.stamp.reset();
  if (known.read_always) return;
  const std::chrono::nanoseconds now = clock_.now().time_since_epoch();
  const auto stamp = file_stamp(known.file);
  if (!stamp || !stamp->settled_locally_before(now)) return;
  known.read_always = !stamps_tell(known.file);
  if (!known.read_always) known.stamp = stamp;
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
