#include "groups.hpp"
#include "inputs.hpp"
#include "measurement.hpp"

#include <fcntl.h>
#include <isa-l.h>
#include <sys/stat.h>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/open_cache.hpp>

namespace neve::bench {
namespace {

constexpr std::size_t kReadBlock = 256 << 10;

int repetitions(const std::string& size) { return size == "8k" ? 200 : size == "1m" ? 20 : 2; }

void require_hit(const LookupResult& result) {
  if (!result.hit()) throw Error(ErrorCode::internal, "a benchmark's lookup missed: " + result.detail);
}

/// What the machine needs for the same bytes: read into fresh memory with a checksum, block by block.
void read_with_checksum(const std::filesystem::path& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  ::fstat(fd.get(), &status);
  Buffer buffer(static_cast<std::size_t>(status.st_size));
  std::uint32_t checksum = 0;
  for (std::size_t at = 0; at < buffer.size(); at += kReadBlock) {
    const auto block = buffer.span().subspan(at, std::min(kReadBlock, buffer.size() - at));
    if (!read_exactly_at(fd.get(), at, block, path.string())) throw Error(ErrorCode::io, "short read");
    checksum = crc32_gzip_refl(checksum, reinterpret_cast<const unsigned char*>(block.data()), block.size());
  }
  [[maybe_unused]] volatile std::uint32_t sink = checksum;
}

void add_get_claims(Group& group, const std::string& size, const std::string& kind) {
  // The peers store what they are given; against them the entry must be a stored one too, which smooth data are not.
  const bool stored = kind == "random";
  if (stored && size == "8k") {
    group.claim("get 8 KB against diskcache", "neve get", "diskcache.get", 8);
    group.claim("get 8 KB against phys-pipeline's calls", "neve get", "phys.get", 100);
  } else if (stored && size == "1m") {
    group.claim("get 1 MB against diskcache", "neve get", "diskcache.get", 2.3);
  } else if (stored) {
    group.claim("get 64 MB, owned and verified, against np.load", "neve get, read anew", "np.load", 1);
    group.claim("get 64 MB, mapped and verified, against mmap and sum", "neve get, mapped anew", "np.load_mmap_sum",
                1.5);
  }
  group.claim("reading a file numpy wrote, against numpy", "neve get of numpy's file", "np.load_npz",
              kind == "random" ? 1.8 : 2.7);
  if (stored) group.claim("share of the machine's limit", "neve get, read anew", "machine: read and checksum", 0.5);
}

}  // namespace

int run_get(const std::filesystem::path& folder, PeerProcess& peers, const std::string& size, const std::string& kind,
            int rounds) {
  const int count = repetitions(size);
  const std::string tail = " " + size + " " + kind + " " + std::to_string(count);
  const std::string url = "disk:" + (folder / "neve").string();
  const auto cache = open_cache(url);
  const auto reading = open_cache(url + "?recent=0");
  const auto numpy_written = open_cache("disk:" + (folder / "numpy-written").string() + "?recent=0");
  const Key key(kind + "." + size);
  cache->store(key, make_entry(size, kind), {});
  const bool have_numpy = peers.ask("phys.write_for_neve" + tail).has_value();
  const auto lookup = [&, count](CacheBackend& backend, Placement placement) {
    return time_us(count, [&] { require_hit(backend.lookup(key, {placement})); });
  };
  const auto ask = [&](const char* name) { return [&peers, request = name + tail] { return peers.ask(request); }; };

  Group group("get " + size + " " + kind, rounds);
  group.add("neve get", [&] { return lookup(*cache, Placement::owned); });
  group.add("neve get, read anew", [&] { return lookup(*reading, Placement::owned); });
  group.add("neve get, mapped anew", [&] { return lookup(*reading, Placement::mapped); });
  group.add("neve get of numpy's file", [&]() -> std::optional<double> {
    if (!have_numpy) return std::nullopt;
    return lookup(*numpy_written, Placement::owned);
  });
  group.add("machine: read and checksum",
            [&] { return time_us(count, [&] { read_with_checksum(folder / "neve" / (key.text() + ".npz")); }); });
  for (const char* name : {"diskcache.get", "phys.get", "np.load", "np.load_mmap_sum", "np.load_npz", "joblib.load"}) {
    group.add(name, ask(name));
  }
  add_get_claims(group, size, kind);
  return group.run();
}

}  // namespace neve::bench
