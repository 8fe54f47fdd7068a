#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>
#include <neve/codec/npz.hpp>

namespace neve {

/// What a cache keeps under a key: metadata (a JSON object) and named arrays. A plain value; copies share array bytes.
struct Entry {
  Json meta = Json::object();
  ArrayMap arrays{};
};

/// What neve adds to an entry, in the zip comment where no NumPy reader sees it. See docs/formats/entry.md.
struct EntrySeal {
  std::string key;                      ///< an entry found under another key is refused
  std::optional<TimePoint> expires_at;  ///< absent: never
  std::string recipe;                   ///< the key's readable ingredients as compact JSON; may be empty
};

/// An entry as it is stored: the JSON text and the pieces of the NPZ file in order. Large stored arrays are borrowed
/// from the entry it was encoded from, which must outlive it.
struct EncodedEntry {
  std::string json;
  std::vector<Bytes> npz;

  [[nodiscard]] std::uint64_t npz_bytes() const noexcept;
};

/// How the NPZ half is written; see `NpzWriteOptions`. A plain value.
struct EncodeOptions {
  Compression compression = Compression::adaptive;
  std::uint32_t alignment = 64;
};

/// Encodes for a transport that gathers (Redis, memory). Throws `invalid_argument` if `meta` is not an object, a name
/// cannot be stored, or the seal's key is empty.
[[nodiscard]] EncodedEntry encode_entry(const Entry& entry, const EntrySeal& seal, const EncodeOptions& options = {});

/// Throws `invalid_argument` for what no cache may keep: metadata that are no object, an array name that could lead out
/// of a folder (see docs/formats/entry.md).
void require_storable(const Entry& entry);

/// The JSON text of an entry, as `encode_entry` would produce it.
[[nodiscard]] std::string encode_entry_json(const Entry& entry);

/// Streams the NPZ file that belongs to `json` (made by `encode_entry_json`) into `sink`; the same bytes as
/// `encode_entry` gives.
void write_entry_npz(const Entry& entry, std::string_view json, const EntrySeal& seal, const EncodeOptions& options,
                     NpzSink& sink);

/// Why an entry could not be decoded, in the terms a cache counts by.
class EntryError : public Error {
 public:
  enum class Kind {
    corrupt,      ///< a byte or a part of one of the halves is wrong or missing
    torn,         ///< both halves are sound but do not belong together
    foreign,      ///< a sound entry, sealed for another key
    unsupported,  ///< holds what neve does not decode
    too_large,    ///< beyond the limits
  };

  /// The error's code is `corrupt` for the first three kinds, else of the kind's own name.
  EntryError(Kind kind, const std::string& message);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// An entry as it was stored, and what its seal says. A plain value.
struct DecodedEntry {
  Entry entry;
  std::optional<EntrySeal> seal;  ///< absent in entries that NumPy or phys-pipeline wrote
};

/// Decodes the pair stored under `key`. Throws an `EntryError` with the code
///   `corrupt` if either half is damaged, the halves do not belong together, or the seal names another key;
///   `unsupported` for dtypes that would need pickle, and metadata that cannot be held exactly;
///   `too_large` beyond `limits`, of which `array_bytes` also holds for the metadata in memory;
/// and what the source throws other than `corrupt`, as it is.
/// Seal, key and metadata are checked before any array is read. Does not look at the expiry: whoever has a clock does.
[[nodiscard]] DecodedEntry decode_entry(std::string_view key, ByteSpan json, const NpzSource& npz,
                                        const NpzReadLimits& limits = {});
[[nodiscard]] DecodedEntry decode_entry(std::string_view key, ByteSpan json, const Bytes& npz,
                                        const NpzReadLimits& limits = {});

/// The seal of an NPZ file, verified, with no array read; absent where NumPy or phys-pipeline wrote it. Throws as
/// `decode_entry` does.
[[nodiscard]] std::optional<EntrySeal> read_entry_seal(const NpzSource& npz);

}  // namespace neve
