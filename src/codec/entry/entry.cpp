#include <neve/codec/entry.hpp>

#include <algorithm>

#include "codec/array/member_name.hpp"
#include "codec/entry/seal.hpp"
#include "codec/npz/npz_archive.hpp"
#include "codec/npz/npz_reader.hpp"

namespace neve {
namespace {

using Kind = EntryError::Kind;

ErrorCode code_of(Kind kind) {
  switch (kind) {
    case Kind::unsupported:
      return ErrorCode::unsupported;
    case Kind::too_large:
      return ErrorCode::too_large;
    default:
      return ErrorCode::corrupt;
  }
}

// Turns what the layers below say about bytes into what it means for the entry; anything else passes as it is.
[[noreturn]] void rethrow_for_entry(const Error& error, const char* half) {
  const std::string message = half + std::string(error.what());
  switch (error.code()) {
    case ErrorCode::corrupt:
      throw EntryError(Kind::corrupt, message);
    case ErrorCode::unsupported:
      throw EntryError(Kind::unsupported, message);
    case ErrorCode::too_large:
      throw EntryError(Kind::too_large, message);
    default:
      throw error;
  }
}

template <class Read>
auto read_half(const char* half, const Read& read) {
  try {
    return read();
  } catch (const EntryError&) {
    throw;
  } catch (const Error& error) {
    rethrow_for_entry(error, half);
  }
}

Xxh128Value digest_of(ByteSpan bytes) { return Xxh128().update(bytes).finish(); }

/// Metadata may take as much memory as arrays may, and a long text of theirs what it takes as it is.
Json parse_meta(ByteSpan json, const NpzReadLimits& limits) {
  Json meta = parse_json(as_text(json), std::max(limits.array_bytes, 2 * std::uint64_t{json.size()}));
  if (!meta.is_object()) throw Error(ErrorCode::corrupt, "the metadata are not a JSON object");
  return meta;
}

// The metadata of a sealed entry. A JSON half that is not the one sealed is torn if it is sound, else damaged.
Json parse_sealed_meta(ByteSpan json, const OpenedSeal& opened, const NpzReadLimits& limits) {
  const bool belongs = digest_of(json) == opened.json;
  Json meta = parse_meta(json, limits);
  if (!belongs) throw EntryError(Kind::torn, "the json file does not belong to the npz file");
  return meta;
}

/// Whether the metadata are of one of neve's own formats, whose entries are always sealed.
bool of_neve(const Json& meta) {
  const auto format = meta.find("format");
  return format != meta.end() && format->is_string() && format->get_ref<const std::string&>().starts_with("neve.");
}

DecodedEntry decode(std::string_view key, ByteSpan json, SourceView file, const NpzReadLimits& limits) {
  const NpzReader reader = read_half("npz file: ", [&] { return NpzReader(std::move(file), limits); });
  DecodedEntry decoded;
  if (reader.comment().empty()) {
    decoded.entry.meta = read_half("json file: ", [&] { return parse_meta(json, limits); });
    if (of_neve(decoded.entry.meta)) {
      throw EntryError(Kind::torn, "the json file was written by neve, the npz file by another program");
    }
  } else {
    OpenedSeal opened = open_seal(reader.comment().span(), reader.structure());
    if (opened.seal.key != key) throw EntryError(Kind::foreign, "the entry is sealed for key " + opened.seal.key);
    decoded.entry.meta = read_half("json file: ", [&] { return parse_sealed_meta(json, opened, limits); });
    decoded.seal = std::move(opened.seal);
  }
  decoded.entry.arrays = read_half("npz file: ", [&] { return reader.read_arrays(); });
  return decoded;
}

void write_sealed(const Entry& entry, std::string_view json, const EntrySeal& seal, const EncodeOptions& options,
                  ArchiveOutput& output) {
  const Xxh128Value json_digest = digest_of(as_byte_span(json));
  const ArchiveComment comment{seal_bytes(seal),
                               [&](const Xxh128Value& structure) { return make_seal(seal, json_digest, structure); }};
  write_archive(entry.arrays, {options.compression, options.alignment, ArchiveTuning{}}, comment, output);
}

void require_object(const Json& meta) {
  if (meta.is_object()) return;
  throw Error(ErrorCode::invalid_argument,
              std::string("an entry's metadata must be a JSON object, not ") + meta.type_name());
}

}  // namespace

EntryError::EntryError(Kind kind, const std::string& message) : Error(code_of(kind), message), kind_(kind) {}

std::uint64_t EncodedEntry::npz_bytes() const noexcept {
  std::uint64_t total = 0;
  for (const Bytes& piece : npz) total += piece.size();
  return total;
}

void require_storable(const Entry& entry) {
  require_object(entry.meta);
  for (const auto& [name, array] : entry.arrays) require_good_name(name);
}

std::string encode_entry_json(const Entry& entry) {
  require_object(entry.meta);
  return dump_spaced_json(entry.meta);
}

EncodedEntry encode_entry(const Entry& entry, const EntrySeal& seal, const EncodeOptions& options) {
  EncodedEntry encoded{encode_entry_json(entry), {}};
  PieceOutput output;
  write_sealed(entry, encoded.json, seal, options, output);
  encoded.npz = output.finish();
  return encoded;
}

void write_entry_npz(const Entry& entry, std::string_view json, const EntrySeal& seal, const EncodeOptions& options,
                     NpzSink& sink) {
  SinkOutput output(sink);
  write_sealed(entry, json, seal, options, output);
  output.finish();
}

DecodedEntry decode_entry(std::string_view key, ByteSpan json, const NpzSource& npz, const NpzReadLimits& limits) {
  return decode(key, json, SourceView(npz), limits);
}

DecodedEntry decode_entry(std::string_view key, ByteSpan json, const Bytes& npz, const NpzReadLimits& limits) {
  return decode(key, json, SourceView(npz), limits);
}

std::optional<EntrySeal> read_entry_seal(const NpzSource& npz) {
  const NpzReader reader = read_half("npz file: ", [&] { return NpzReader(SourceView(npz), {}); });
  if (reader.comment().empty()) return std::nullopt;
  return open_seal(reader.comment().span(), reader.structure()).seal;
}

}  // namespace neve
