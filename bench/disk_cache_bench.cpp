// What does a disk cache's own work cost: put, get, overwrite and contains for one entry of ~430 B of JSON and one
// float64 array? `neve_compare` puts the same beside other caches and the machine's limits. NEVE_BENCH_FOLDER chooses
// the disk.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <neve/base/scratch_folder.hpp>
#include <neve/cache/disk_cache.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/observed.hpp>

namespace neve {
namespace {

struct Folder : ScratchFolder {
  Folder() : ScratchFolder(chosen(), "bench") {}

 private:
  static std::filesystem::path chosen() {
    const char* const folder = std::getenv("NEVE_BENCH_FOLDER");
    return folder != nullptr ? folder : ".";
  }
};

/// Metadata of about 430 bytes, as a stage of phys-pipeline leaves them, and `bytes` of numbers that do not compress.
Entry make_entry(std::size_t bytes) {
  Entry entry;
  entry.meta = Json{{"op_name", "propagate"},
                    {"version", "3"},
                    {"metrics", {{"energy_j", 1.2345678901e-9}, {"peak_w", 10123.25}, {"fwhm_s", 5.0123e-14}}},
                    {"provenance", {{"cfg_hash", std::string(64, 'a')}, {"input_hash", std::string(64, 'b')}}},
                    {"grid", {{"points", 4096}, {"span_s", 1.25e-11}, {"centre_hz", 3.59e14}}},
                    {"notes", "supercontinuum in 15 cm of photonic crystal fibre"}};
  std::vector<double> values(bytes / sizeof(double));
  std::uint64_t random = 1;
  for (double& value : values) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    value = static_cast<double>(random >> 11) * 0x1p-53;
  }
  entry.arrays.emplace("field", Array::from(std::move(values)));
  return entry;
}

Key numbered_key(std::uint64_t number) {
  std::string digits = std::to_string(number);
  return Key(std::string(64 - digits.size(), '0') + digits);
}

DiskCacheOptions options_in(const Folder& folder, Compression compression) {
  DiskCacheOptions options;
  options.root = folder.path() / "cache";
  options.compression = compression;
  return options;
}

void get(benchmark::State& state, Placement placement) {
  const Folder folder;
  DiskCache cache(options_in(folder, Compression::store));
  const Key key = numbered_key(1);
  cache.store(key, make_entry(static_cast<std::size_t>(state.range(0))), {});
  for (auto _ : state) {
    const LookupResult found = cache.lookup(key, {placement});
    if (!found.hit()) state.SkipWithError("no hit");
    benchmark::DoNotOptimize(found.entry->arrays.begin());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void get_owned(benchmark::State& state) { get(state, Placement::owned); }
void get_mapped(benchmark::State& state) { get(state, Placement::mapped); }

/// New keys only, and few: deleting many files makes creating files slow for a while on some filesystems.
void put_new(benchmark::State& state, Compression compression) {
  const Folder folder;
  DiskCache cache(options_in(folder, compression));
  const Entry entry = make_entry(static_cast<std::size_t>(state.range(0)));
  std::uint64_t number = 0;
  for (auto _ : state) cache.store(numbered_key(++number), entry, {});
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void put_stored(benchmark::State& state) { put_new(state, Compression::store); }
void put_adaptive(benchmark::State& state) { put_new(state, Compression::adaptive); }

/// The caller's time; what the background thread frees meanwhile is waited for outside of it.
void overwrite(benchmark::State& state) {
  const Folder folder;
  DiskCache cache(options_in(folder, Compression::store));
  const Entry entry = make_entry(static_cast<std::size_t>(state.range(0)));
  const Key key = numbered_key(1);
  cache.store(key, entry, {});
  for (auto _ : state) {
    cache.store(key, entry, {});
    state.PauseTiming();
    cache.drain();
    state.ResumeTiming();
  }
}

void contains(benchmark::State& state) {
  const Folder folder;
  DiskCache cache(options_in(folder, Compression::store));
  const Key key = numbered_key(1);
  cache.store(key, make_entry(8192), {});
  for (auto _ : state) benchmark::DoNotOptimize(cache.contains(key));
}

void miss(benchmark::State& state) {
  const Folder folder;
  DiskCache cache(options_in(folder, Compression::store));
  const Key key = numbered_key(1);
  for (auto _ : state) benchmark::DoNotOptimize(cache.lookup(key, {}).hit());
}

/// What counting and timing add, over a cache that does next to nothing else.
void memory_get(benchmark::State& state) {
  Observed cache(std::make_shared<MemoryCache>(MemoryCacheOptions{}));
  const Key key = numbered_key(1);
  cache.store(key, make_entry(8192), {});
  for (auto _ : state) benchmark::DoNotOptimize(cache.lookup(key, {}).hit());
}

constexpr std::int64_t kSmall = 8 << 10;
constexpr std::int64_t kMiddle = 1 << 20;
constexpr std::int64_t kLarge = 64 << 20;

BENCHMARK(get_owned)->Arg(kSmall)->Arg(kMiddle)->Arg(kLarge)->Unit(benchmark::kMicrosecond);
BENCHMARK(get_mapped)->Arg(kLarge)->Unit(benchmark::kMicrosecond);
BENCHMARK(put_stored)->Arg(kSmall)->Iterations(2000)->Unit(benchmark::kMicrosecond);
BENCHMARK(put_adaptive)->Arg(kSmall)->Iterations(2000)->Unit(benchmark::kMicrosecond);
BENCHMARK(put_stored)->Arg(kMiddle)->Iterations(200)->Unit(benchmark::kMicrosecond);
BENCHMARK(put_stored)->Arg(kLarge)->Iterations(10)->Unit(benchmark::kMicrosecond);
BENCHMARK(overwrite)->Arg(kSmall)->Iterations(500)->Unit(benchmark::kMicrosecond);
BENCHMARK(overwrite)->Arg(kLarge)->Iterations(10)->Unit(benchmark::kMicrosecond);
BENCHMARK(contains)->Unit(benchmark::kMicrosecond);
BENCHMARK(miss)->Unit(benchmark::kMicrosecond);
BENCHMARK(memory_get)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace neve

BENCHMARK_MAIN();
