#include "groups.hpp"
#include "inputs.hpp"
#include "measurement.hpp"

#include <algorithm>

#include <fcntl.h>
#include <isa-l.h>
#include <unistd.h>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/disk_cache.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/tiered.hpp>

namespace neve::bench {
namespace {

constexpr std::size_t kWriteBlock = 256 << 10;
constexpr const char* kInBackground = "neve put, the disk in the background";

/// What the machine needs for one file of the pair: write with a checksum, then rename.
void write_with_checksum(const std::filesystem::path& path, ByteSpan bytes) {
  const std::string temporary = path.string() + ".tmp";
  const FileDescriptor fd(::open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666));
  ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes.size()));
  std::uint32_t checksum = 0;
  for (std::size_t at = 0; at < bytes.size(); at += kWriteBlock) {
    const ByteSpan block = bytes.subspan(at, std::min(kWriteBlock, bytes.size() - at));
    checksum = crc32_gzip_refl(checksum, reinterpret_cast<const unsigned char*>(block.data()), block.size());
    write_all(fd.get(), block, temporary);
  }
  [[maybe_unused]] volatile std::uint32_t sink = checksum;
  std::filesystem::rename(temporary, path);
}

/// Files are removed between calls only where they are large: removing them may make creating the next ones slow (see
/// `FreshFolder`), and what is measured here is storing, not that.
bool removed_at_once(const std::string& size) { return size == "64m"; }

/// Writes as many bytes as a case does and lets go of them. Where memory is given to a virtual machine when it is first
/// touched and taken back when it lies idle, 64 MB of page cache cost 10 ms or 130, and 1 MB 0.2 ms or 0.7; without
/// this, the case that comes after numpy's long compressing would pay for all.
void warm_page_cache(const std::filesystem::path& path, ByteSpan bytes, int times) {
  const FileDescriptor fd(::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666));
  for (int i = 0; i < times; ++i) write_all(fd.get(), bytes, path.string());
  if (::ftruncate(fd.get(), 0) != 0) throw Error(ErrorCode::io, "cannot empty " + path.string());
}

/// Microseconds per call of `operation(i)`; `clean(i)` follows each, untimed.
template <class Operation, class Clean>
double time_with_cleaning(int count, const Operation& operation, const Clean& clean) {
  double seconds = 0;
  for (int i = 0; i < count; ++i) {
    const Stopwatch watch;
    operation(i);
    seconds += watch.seconds();
    clean(i);
  }
  return seconds * 1e6 / count;
}

/// How many entries are stored in a row.
int puts_per_round(const std::string& size) { return size == "8k" ? 100 : size == "1m" ? 10 : 1; }

double time_neve(Observed& cache, const Entry& entry, const std::string& keys, int first, int count, bool remove) {
  const auto key = [&](int i) { return Key(keys + std::to_string(first + i)); };
  return time_with_cleaning(
      count,
      [&](int i) {
        if (!cache.store(key(i), entry, {}).stored)
          throw Error(ErrorCode::internal, "a benchmark's store was declined");
      },
      [&](int i) {
        if (!remove) return;
        cache.erase(key(i));
        dynamic_cast<DiskCache&>(cache.backend()).drain();  // or the next case shares the disk with what is freed
      });
}

/// What a caller waits who asks for `writes=background`: the disk's share is waited for untimed, before the next case.
double time_neve_in_background(Observed& cache, const Entry& entry, const std::string& keys, int first, int count) {
  return time_with_cleaning(
      count, [&](int i) { (void)cache.store(Key(keys + std::to_string(first + i)), entry, {}); },
      [&](int i) {
        if (i + 1 == count) dynamic_cast<TieredCache&>(cache.backend()).drain();
      });
}

double time_machine(const std::filesystem::path& folder, ByteSpan arrays, ByteSpan meta, int first, int count,
                    bool remove) {
  const auto path = [&](int i, const char* suffix) { return folder / (std::to_string(first + i) + suffix); };
  return time_with_cleaning(
      count,
      [&](int i) {
        write_with_checksum(path(i, ".npz"), arrays);
        write_with_checksum(path(i, ".json"), meta);
      },
      [&](int i) {
        if (remove) std::filesystem::remove(path(i, ".npz"));
      });
}

void add_put_claims(Group& group, const std::string& size, const std::string& kind) {
  if (kind == "random") {
    group.claim("share of the machine's limit", "neve put, new key", "machine: write, checksum and rename two files",
                0.6);
    const double wanted = size == "8k" ? 4 : size == "1m" ? 1.8 : 1;
    group.claim("put against np.save", "neve put, new key", "np.save", wanted);
    if (!removed_at_once(size))
      group.claim("the caller's part of a put, writes=background, against np.save", kInBackground, "np.save", wanted);
  }
  if (size != "8k") {
    group.claim("put against savez_compressed", "neve put, new key", "np.savez_compressed",
                kind == "random" ? 100 : 10);
  }
}

}  // namespace

int run_put(const std::filesystem::path& folder, PeerProcess& peers, const std::string& size, const std::string& kind,
            int rounds) {
  const int count = puts_per_round(size);
  const bool remove = removed_at_once(size);
  const std::string name = "put-" + size + "-" + kind + "-";
  const auto cache = open_cache("disk:" + (folder / "neve-put").string());
  const auto tiers = open_cache("memory:256MiB,disk:" + (folder / "neve-put-later").string() + "?writes=background");
  const Entry entry = make_entry(size, kind);
  const ByteSpan raw = entry.arrays.at("field").bytes().span();
  const std::string meta = entry.meta.dump();
  const std::filesystem::path limit_folder = folder / ("limit-" + name);
  std::filesystem::create_directories(limit_folder);
  int round = 0;
  int background_round = 0;
  int limit_round = 0;

  Group group("put " + size + " " + kind, rounds);
  group.before_each([&] { warm_page_cache(folder / "warm", raw, count); });
  group.add("neve put, new key", [&] { return time_neve(*cache, entry, name, count * round++, count, remove); });
  if (!remove) {
    group.add(kInBackground,
              [&] { return time_neve_in_background(*tiers, entry, name, count * background_round++, count); });
  }
  group.add("machine: write, checksum and rename two files",
            [&] { return time_machine(limit_folder, raw, as_byte_span(meta), count * limit_round++, count, remove); });
  // Compressing 64 MB takes numpy seconds a time.
  for (const char* peer : {"np.save", "diskcache.put", "np.savez_compressed"}) {
    group.add(peer, [&peers, request = std::string(peer) + " " + size + " " + kind + " " + std::to_string(count)] {
      return peers.ask(request);
    });
  }
  add_put_claims(group, size, kind);
  return group.run();
}

}  // namespace neve::bench
