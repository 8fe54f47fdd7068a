// An entry from anywhere, as JSON text, a zero byte and the NPZ file: either refused with an Error, or decoded. What
// its halves hold is also sealed as an entry of ours, which must come back whole and must notice one changed byte.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <neve/codec/entry.hpp>

#include "refused_or.hpp"
#include "require.hpp"
#include "zip_repair.hpp"

namespace {

constexpr std::string_view kKey = "fuzzed";
constexpr neve::NpzReadLimits kLimits{.array_bytes = std::uint64_t{64} << 20, .members = 1000};

std::string joined(const std::vector<neve::Bytes>& pieces) {
  std::string file;
  for (const neve::Bytes& piece : pieces) {
    file += piece.text();
  }
  return file;
}

void check_sealed(const neve::Entry& entry, std::size_t position) {
  const neve::EncodedEntry encoded = neve::encode_entry(entry, {.key = std::string(kKey)});
  std::string npz = joined(encoded.npz);
  const auto decoded = neve::decode_entry(kKey, neve::as_byte_span(encoded.json), neve::Bytes::from(npz), {});
  neve::fuzz::require(decoded.entry.arrays == entry.arrays, "sealed arrays come back");
  neve::fuzz::require(neve::encode_entry_json(decoded.entry) == encoded.json, "sealed metadata come back");
  neve::fuzz::require(decoded.seal && decoded.seal->key == kKey, "the seal comes back");

  npz[position % npz.size()] ^= 0x10;
  const auto damaged = neve::fuzz::refused_or(
      [&] { return neve::decode_entry(kKey, neve::as_byte_span(encoded.json), neve::Bytes::from(npz), {}); });
  neve::fuzz::require(!damaged, "a changed byte is noticed");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return neve::fuzz::mutate_zip(data, size, max_size, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = neve::as_text(std::as_bytes(std::span(data, size)));
  const std::string_view json = input.substr(0, input.find('\0'));
  const neve::Bytes npz = neve::Bytes::copy_of(neve::as_byte_span(input.substr(std::min(json.size() + 1, size))));
  (void)neve::fuzz::refused_or([&] { return neve::decode_entry(kKey, neve::as_byte_span(json), npz, kLimits); });

  const auto meta = neve::fuzz::refused_or([&] { return neve::parse_json(json); });
  auto contents = neve::fuzz::refused_or([&] { return neve::read_npz(npz, kLimits); });
  if (meta && meta->is_object() && contents) {
    check_sealed({.meta = *meta, .arrays = std::move(contents->arrays)}, size * 2654435761U);
  }
  return 0;
}
