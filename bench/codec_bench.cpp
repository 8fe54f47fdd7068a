// What does the codec cost beyond what the machine must do anyway? Each group runs the codec beside its floor: reading
// the bytes, checksumming them, inflating or deflating them with the bare library. `floor/...` is the machine,
// `neve/...` is us.
//
//   codec_bench --benchmark_filter=64m
//
// Inputs: random = standard normal float64; smooth = a pulse spectrum rounded to 6 decimals.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <isa-l/crc.h>
#include <libdeflate.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>

#include <neve/base/buffer.hpp>
#include <neve/base/file.hpp>
#include <neve/base/scratch_folder.hpp>
#include <neve/codec/entry.hpp>

#include "codec/deflate/crc32.hpp"
#include "codec/npz/member_method.hpp"

namespace {

using neve::Array;
using neve::Bytes;
using neve::ByteSpan;
using neve::Entry;

std::vector<double> values(const std::string& kind, std::size_t count) {
  std::vector<double> result(count);
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = -8 + 16 * static_cast<double>(i) / static_cast<double>(count - 1);
    const double pulse = std::exp(-0.5 * x * x) * (1 + 0.1 * std::cos(40 * x));
    result[i] = kind == "random" ? normal(random) : std::round(pulse * 1e6) / 1e6;
  }
  return result;
}

const Entry& entry_of(const std::string& kind, std::size_t bytes) {
  static std::map<std::pair<std::string, std::size_t>, Entry> made;
  Entry& entry = made[{kind, bytes}];
  if (entry.arrays.empty()) {
    entry.arrays.emplace("field", Array::from(values(kind, bytes / 8)));
    entry.meta = {{"stage", "pulse_propagation"},
                  {"metrics", {{"energy_nj", 1.25}, {"fwhm_fs", 83.1}, {"b_integral", 0.42}}},
                  {"provenance", {{"seed", 7}, {"config_hash", std::string(64, 'a')}}},
                  {"wall_s", 12.75},
                  {"tags", {"gnlse", "demo"}}};
  }
  return entry;
}

const neve::EntrySeal kSeal{std::string(64, 'k'), std::nullopt, R"({"op_name":"fiber","version":"1"})"};

class FileSource final : public neve::NpzSource {
 public:
  explicit FileSource(int fd) : fd_(fd), size_(static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_END))) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (!neve::read_exactly_at(fd_, offset, out, "bench")) throw std::runtime_error("short file");
  }

 private:
  int fd_;
  std::uint64_t size_;
};

class FileSink final : public neve::NpzSink {
 public:
  explicit FileSink(int fd) : fd_(fd) {}
  void reserve(std::uint64_t bytes) override { (void)::posix_fallocate(fd_, 0, static_cast<off_t>(bytes)); }
  void write(ByteSpan bytes) override {
    neve::write_all_at(fd_, at_, bytes, "bench");
    at_ += bytes.size();
  }
  void write_at(std::uint64_t offset, ByteSpan bytes) override { neve::write_all_at(fd_, offset, bytes, "bench"); }

 private:
  int fd_;
  std::uint64_t at_ = 0;
};

class NullSink final : public neve::NpzSink {
 public:
  void reserve(std::uint64_t) override {}
  void write(ByteSpan bytes) override { benchmark::DoNotOptimize(bytes.data()); }
  void write_at(std::uint64_t, ByteSpan) override {}
};

std::filesystem::path bench_file(const std::string& name) {
  static const neve::ScratchFolder folder(std::filesystem::temp_directory_path(), "bench");
  return folder.path() / name;
}

std::string encoded_npz(const Entry& entry, neve::Compression compression) {
  std::string text;
  for (const Bytes& piece : neve::encode_entry(entry, kSeal, {compression, 64}).npz) text += piece.text();
  return text;
}

struct Case {
  std::string kind;
  std::size_t bytes;
  neve::Compression compression;
};

Bytes in_memory(const Case& c) {
  return Bytes::copy_of(neve::as_byte_span(encoded_npz(entry_of(c.kind, c.bytes), c.compression)));
}

void decode_in_memory(benchmark::State& state, const Case& c) {
  const std::string json = neve::encode_entry_json(entry_of(c.kind, c.bytes));
  const Bytes npz = in_memory(c);
  for (auto _ : state) benchmark::DoNotOptimize(neve::decode_entry(kSeal.key, neve::as_byte_span(json), npz));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void read_npz_in_memory(benchmark::State& state, const Case& c) {
  const Bytes npz = in_memory(c);
  for (auto _ : state) benchmark::DoNotOptimize(neve::read_npz(npz));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void read_npz_from_file(benchmark::State& state, const Case& c) {
  const auto path = bench_file("read.npz");
  neve::replace_file(path, neve::as_byte_span(encoded_npz(entry_of(c.kind, c.bytes), c.compression)),
                     neve::Durability::none);
  for (auto _ : state) {
    const neve::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    benchmark::DoNotOptimize(neve::read_npz(FileSource(file.get())));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void read_npz_mapped(benchmark::State& state, const Case& c) {
  const auto path = bench_file("read.npz");
  neve::replace_file(path, neve::as_byte_span(encoded_npz(entry_of(c.kind, c.bytes), c.compression)),
                     neve::Durability::none);
  for (auto _ : state) {
    const neve::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const std::size_t size = std::filesystem::file_size(path);
    benchmark::DoNotOptimize(neve::read_npz(neve::map_file(file.get(), size, "bench")));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void write_npz_to_nowhere(benchmark::State& state, const Case& c) {
  NullSink sink;
  const Entry& entry = entry_of(c.kind, c.bytes);
  for (auto _ : state) neve::write_npz(entry.arrays, {c.compression, 64, {}}, sink);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void gather_entry(benchmark::State& state, const Case& c) {
  const Entry& entry = entry_of(c.kind, c.bytes);
  for (auto _ : state) benchmark::DoNotOptimize(neve::encode_entry(entry, kSeal, {c.compression, 64}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void write_npz_to_file(benchmark::State& state, const Case& c) {
  const Entry& entry = entry_of(c.kind, c.bytes);
  const auto path = bench_file("write.npz");
  for (auto _ : state) {
    {
      const neve::FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
      FileSink sink(file.get());
      neve::write_npz(entry.arrays, {c.compression, 64, {}}, sink);
    }
    state.PauseTiming();
    std::filesystem::remove(path);
    state.ResumeTiming();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * c.bytes));
}

void choose(benchmark::State& state, const Case& c) {
  const neve::Array array = entry_of(c.kind, c.bytes).arrays.begin()->second;
  for (auto _ : state) benchmark::DoNotOptimize(neve::plan_member_method(array, neve::Compression::adaptive, 4 << 20));
}

void floor_checksum(benchmark::State& state, std::size_t bytes) {
  const ByteSpan data = entry_of("random", bytes).arrays.begin()->second.bytes().span();
  for (auto _ : state) benchmark::DoNotOptimize(neve::crc32(0, data));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

void floor_copy(benchmark::State& state, std::size_t bytes) {
  const ByteSpan data = entry_of("random", bytes).arrays.begin()->second.bytes().span();
  neve::Buffer to(bytes);
  for (auto _ : state) {
    std::memcpy(to.data(), data.data(), bytes);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

void floor_read(benchmark::State& state, std::size_t bytes) {
  const auto path = bench_file("floor.raw");
  neve::replace_file(path, entry_of("random", bytes).arrays.begin()->second.bytes().span(), neve::Durability::none);
  for (auto _ : state) {
    const neve::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    neve::Buffer to(bytes);
    if (!neve::read_exactly_at(file.get(), 0, to.span(), "bench")) throw std::runtime_error("short file");
    benchmark::DoNotOptimize(to.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

void floor_write(benchmark::State& state, std::size_t bytes) {
  const ByteSpan data = entry_of("random", bytes).arrays.begin()->second.bytes().span();
  const auto path = bench_file("floor.write");
  for (auto _ : state) {
    {
      const neve::FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
      (void)::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes));
      neve::write_all_at(file.get(), 0, data, "bench");
    }
    state.PauseTiming();
    std::filesystem::remove(path);
    state.ResumeTiming();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

// One libdeflate stream of the same content, inflated into warm memory.
void floor_inflate(benchmark::State& state, const std::string& kind, std::size_t bytes) {
  const ByteSpan data = entry_of(kind, bytes).arrays.begin()->second.bytes().span();
  std::string packed(bytes + bytes / 8 + 1024, '\0');
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  packed.resize(libdeflate_deflate_compress(compressor, data.data(), bytes, packed.data(), packed.size()));
  libdeflate_free_compressor(compressor);
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  neve::Buffer to(bytes);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        libdeflate_deflate_decompress(decompressor, packed.data(), packed.size(), to.data(), bytes, nullptr));
  }
  libdeflate_free_decompressor(decompressor);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

template <class Function, class... Arguments>
void add(const std::string& name, const Function& function, const Arguments&... arguments) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { function(state, arguments...); })
      ->Unit(benchmark::kMicrosecond)
      ->UseRealTime();
}

void add_size(const std::string& size, std::size_t bytes) {
  using neve::Compression;
  add(size + "/floor/checksum", floor_checksum, bytes);
  add(size + "/floor/copy", floor_copy, bytes);
  add(size + "/floor/read", floor_read, bytes);
  add(size + "/floor/write", floor_write, bytes);
  for (const std::string kind : {"random", "smooth"}) {
    const std::string tail = "/" + kind;
    add(size + "/floor/inflate libdeflate-6" + tail, floor_inflate, kind, bytes);
    add(size + "/neve/choose" + tail, choose, Case{kind, bytes, Compression::adaptive});
    add(size + "/neve/decode entry in memory, stored" + tail, decode_in_memory, Case{kind, bytes, Compression::store});
    for (const auto& [how, compression] : {std::pair{"stored", Compression::store},
                                           {"adaptive", Compression::adaptive},
                                           {"small", Compression::small}}) {
      const Case c{kind, bytes, compression};
      const std::string name = std::string(", ") + how + tail;
      add(size + "/neve/read in memory" + name, read_npz_in_memory, c);
      add(size + "/neve/read mapped" + name, read_npz_mapped, c);
      add(size + "/neve/read file" + name, read_npz_from_file, c);
      add(size + "/neve/write nowhere" + name, write_npz_to_nowhere, c);
      add(size + "/neve/write file" + name, write_npz_to_file, c);
      add(size + "/neve/gather entry" + name, gather_entry, c);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  add_size("8k", std::size_t{8} << 10);
  add_size("1m", std::size_t{1} << 20);
  add_size("64m", std::size_t{64} << 20);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
