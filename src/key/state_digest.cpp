#include <neve/key/state_digest.hpp>

#include <array>
#include <cstdint>
#include <string_view>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::string_view kStateTag = "neve.state.v1\n";
constexpr std::string_view kSimpleStateArrays[] = {"omega", "x", "y", "t"};

void add_number(Sha256& digest, std::uint64_t value) {
  std::array<std::byte, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
  digest.update(bytes);
}

void add_frame(Sha256& digest, ByteSpan bytes) {
  add_number(digest, bytes.size());
  digest.update(bytes);
}

void add_frame(Sha256& digest, std::string_view text) { add_frame(digest, as_byte_span(text)); }

void add_array(Sha256& digest, const Array& array) {
  add_frame(digest, array.dtype().descr());
  digest.update(array.order() == Order::c ? "C" : "F");
  add_number(digest, array.shape().size());
  for (const std::uint64_t extent : array.shape()) add_number(digest, extent);
  add_frame(digest, array.bytes().span());
}

std::string raw_digest(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(hex_digit(hex[i]) * 16 + hex_digit(hex[i + 1])));
  return bytes;
}

std::string phys_array_digest(const Array& array) {
  const char kind = array.dtype().kind();
  if (kind == 'M' || kind == 'm') {  // NumPy gives no buffer of them
    throw Error(ErrorCode::unsupported, "phys-pipeline cannot hash an array of " + array.dtype().name());
  }
  return array_digest(array);
}

std::string payload_digest(const std::variant<Json, Array>& payload) {
  if (const auto* array = std::get_if<Array>(&payload)) return phys_array_digest(*array);
  return sha256_hex(dump_spaced_json(std::get<Json>(payload)));
}

bool is_null(const std::variant<Json, Array>& payload) {
  const auto* json = std::get_if<Json>(&payload);
  return json != nullptr && json->is_null();
}

}  // namespace

std::string state_digest(const Json& meta, const ArrayMap& arrays) {
  Sha256 digest;
  digest.update(kStateTag);
  add_frame(digest, dump_compact_json(meta));
  add_number(digest, arrays.size());
  for (const auto& [name, array] : arrays) {
    add_frame(digest, name);
    add_array(digest, array);
  }
  return digest.finish_hex();
}

std::string phys_simple_state_digest(const std::variant<Json, Array>& payload, const ArrayMap& meta_arrays) {
  Sha256 digest;
  if (!is_null(payload)) digest.update(raw_digest(payload_digest(payload)));
  for (const std::string_view name : kSimpleStateArrays) {
    const auto found = meta_arrays.find(std::string(name));
    if (found != meta_arrays.end()) digest.update(raw_digest(phys_array_digest(found->second)));
  }
  const Sha256Value inner = digest.finish();
  return sha256_hex(ByteSpan(inner));
}

}  // namespace neve
