#include "cache/disk/entry/entry_writer.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/disk/files/file_sink.hpp"

namespace neve {

std::uint64_t EntryWriter::write(const EntryNames& names, const Entry& entry, const EntrySeal& seal) {
  Pair pair = prepare(entry, seal);
  publish(pair.npz, pair.json, names);
  sync_folder();
  return pair.bytes;
}

// The npz holds the place, and without the json it is no entry. Whoever removes the entry after `still_there` was asked
// removes that npz, so that a json which appears later stands alone; whoever stores replaces both.
std::optional<std::uint64_t> EntryWriter::write_unless_taken(const EntryNames& names, const Entry& entry,
                                                             const EntrySeal& seal,
                                                             const std::function<bool()>& still_there) {
  Pair pair = prepare(entry, seal);
  const FileDescriptor npz = DeferredClose::hold(root_->fd(), pair.npz.name().c_str());
  const FileDescriptor json = DeferredClose::hold(root_->fd(), pair.json.name().c_str());
  if (!place(pair.npz, names.npz())) return std::nullopt;
  if (!still_there() || !place(pair.json, names.json())) {
    take_back(names.npz(), npz);
    return std::nullopt;
  }
  if (FileIdentity::at(root_->fd(), names.npz()) != FileIdentity::of(npz.get())) {
    take_back(names.json(), json);
    return std::nullopt;
  }
  sync_folder();
  return pair.bytes;
}

// The npz first, as the longer one and the one that can be too large; the json's file is small and written in one call.
EntryWriter::Pair EntryWriter::prepare(const Entry& entry, const EntrySeal& seal) {
  const std::string json = encode_entry_json(entry);
  TemporaryFile npz_file = temporaries_->create(".npz");
  const std::uint64_t npz_bytes = write_npz(npz_file, entry, json, seal);
  TemporaryFile json_file = temporaries_->create(".json");
  write_json(json_file, json);
  return {std::move(npz_file), std::move(json_file), npz_bytes + json.size()};
}

bool EntryWriter::reseal(const EntryNames& names, const Entry& entry, std::string_view json, const EntrySeal& seal,
                         const FileIdentity& old) {
  TemporaryFile file = temporaries_->create(".npz");
  (void)write_npz(file, entry, json, seal);
  const char* ours = file.name().c_str();
  if (::renameat2(root_->fd(), ours, root_->fd(), names.npz(), RENAME_EXCHANGE) == 0) {
    if (FileIdentity::at(root_->fd(), ours) == old) {  // the file that was there has our temporary name now
      closer_->unlink(root_->fd(), ours);
      file.keep();
      return true;
    }
    (void)::renameat2(root_->fd(), ours, root_->fd(), names.npz(), RENAME_EXCHANGE);  // it is newer
    return false;
  }
  if (errno == ENOENT || FileIdentity::at(root_->fd(), names.npz()) != old) return false;
  // Not every filesystem can exchange; there, somebody who stores at this very moment may be overwritten.
  FileDescriptor held = DeferredClose::hold(root_->fd(), names.npz());
  rename_over(file, names.npz());
  closer_->release(std::move(held));
  return true;
}

std::uint64_t EntryWriter::write_npz(TemporaryFile& file, const Entry& entry, std::string_view json,
                                     const EntrySeal& seal) const {
  const std::uint64_t limit = options_->budget_bytes.value_or(UINT64_MAX);
  if (json.size() > limit) throw Error(ErrorCode::too_large, "the metadata alone exceed the budget");
  FileSink sink(file.fd(), what_is_written(), limit - json.size());
  EncodeOptions encoding;
  encoding.compression = options_->compression;
  write_entry_npz(entry, json, seal, encoding, sink);
  const std::uint64_t bytes = sink.finish();
  settle(file);
  return bytes;
}

void EntryWriter::write_json(TemporaryFile& file, std::string_view json) const {
  write_all_at(file.fd(), 0, as_byte_span(json), what_is_written());
  settle(file);
}

/// For messages. Without the temporary file's name, so that those of many entries are the same and can be counted.
std::string EntryWriter::what_is_written() const { return root_->full(kTemporaryFolder); }

void EntryWriter::settle(TemporaryFile& file) const {
  if (options_->durability != Durability::none) file.sync();
  file.close(what_is_written());
}

// From the first rename to the second the pair is torn, or half if it is new, and so a miss. The files replaced are
// held before, to be freed later and so that nothing slow happens in between.
void EntryWriter::publish(TemporaryFile& npz, TemporaryFile& json, const EntryNames& names) {
  if (rename_unless_taken(npz, names.npz()) && rename_unless_taken(json, names.json())) return;
  FileDescriptor old_npz = DeferredClose::hold(root_->fd(), names.npz());
  FileDescriptor old_json = DeferredClose::hold(root_->fd(), names.json());
  rename_over(npz, names.npz());
  rename_over(json, names.json());
  closer_->release(std::move(old_npz));
  closer_->release(std::move(old_json));
}

bool EntryWriter::place(TemporaryFile& file, const char* name) const {
  if (!move_unless_taken(root_->fd(), file.name().c_str(), name)) return false;
  file.keep();
  return true;
}

/// Removes the file that is held and no other from under `name`.
void EntryWriter::take_back(const char* name, const FileDescriptor& held) {
  const std::string away = temporaries_->unused_name(".gone");
  if (move_exactly(root_->fd(), name, FileIdentity::of(held.get()), away.c_str())) {
    closer_->unlink(root_->fd(), away.c_str());
  }
}

void EntryWriter::sync_folder() const {
  if (options_->durability == Durability::full && ::fsync(root_->fd()) != 0) {
    throw io_error("cannot sync the cache folder '" + root_->path() + "'", errno);
  }
}

/// One call for the common case of a new entry; false if there is an old one, or the filesystem cannot tell.
bool EntryWriter::rename_unless_taken(TemporaryFile& file, const char* name) const {
  if (::renameat2(root_->fd(), file.name().c_str(), root_->fd(), name, RENAME_NOREPLACE) != 0) return false;
  file.keep();
  return true;
}

void EntryWriter::rename_over(TemporaryFile& file, const char* name) const {
  if (file.kept()) return;
  if (::renameat(root_->fd(), file.name().c_str(), root_->fd(), name) != 0) {
    throw io_error("cannot store '" + root_->full(name) + "'", errno);
  }
  file.keep();
}

}  // namespace neve
