#include "cache/redis/entry/entry_reader.hpp"

#include <utility>

#include <neve/base/error.hpp>

#include "cache/backend/decoded_limit.hpp"
#include "cache/backend/miss_reason.hpp"
#include "cache/guard/local_work.hpp"
#include "cache/redis/entry/facts.hpp"

namespace neve::redis {
namespace {

EntryReader::Outcome miss(MissReason reason, std::string detail = {}) {
  EntryReader::Outcome outcome;
  outcome.result.reason = reason;
  outcome.result.detail = std::move(detail);
  return outcome;
}

MissReason reason_of(const Error& error) {
  const auto* fault = dynamic_cast<const EntryError*>(&error);
  if (fault == nullptr) return error.code() == ErrorCode::too_large ? MissReason::unsupported : MissReason::corrupt;
  return miss_reason_of(fault->kind());
}

/// One half of an entry: out of Redis or out of the blob folder.
struct Half {
  std::optional<Bytes> bytes;
  std::string fault;
};

Half fetch(const Reply& value, const std::optional<BlobPointer>& pointer, const BlobStore* blobs, Placement placement) {
  if (value.kind == ReplyKind::bulk) return {value.bytes, {}};
  if (!pointer) return {std::nullopt, "one half of the entry is missing"};
  if (blobs == nullptr) return {std::nullopt, "the entry lies in a blob folder, and the URL names none ('blobs')"};
  BlobStore::Found found = blobs->read(*pointer, placement);
  return {std::move(found.bytes), std::move(found.fault)};
}

EntryReader::Outcome decode(const Key& key, const Bytes& meta, const Bytes& arrays, TimePoint now) {
  DecodedEntry decoded = decode_entry(key.text(), meta.span(), arrays, decoded_limits(arrays.size(), half_of_memory()));
  EntryReader::Outcome outcome;
  outcome.sealed = decoded.seal.has_value();
  LookupResult& result = outcome.result;
  if (decoded.seal) {
    result.expires_at = decoded.seal->expires_at;
    result.recipe = std::move(decoded.seal->recipe);
    if (result.expires_at && *result.expires_at <= now) return miss(MissReason::expired);
  }
  result.reason = MissReason::none;
  result.entry = std::move(decoded.entry);
  result.stored_bytes = meta.size() + arrays.size();
  return outcome;
}

}  // namespace

EntryReader::Outcome EntryReader::read(const Key& key, const StoredEntry& stored) const {
  const LocalWork::Span work;
  for (const Reply* value : {&stored.meta, &stored.arrays, &stored.facts}) {
    if (value->error()) return miss(MissReason::unavailable, std::string(value->text()));
  }
  if (stored.meta.nil() && stored.arrays.nil() && stored.facts.nil()) return miss(MissReason::absent);
  try {
    const EntryFacts facts = parse_facts(stored.facts.text());
    const Half meta = fetch(stored.meta, facts.meta, blobs, placement);
    if (!meta.bytes) return miss(MissReason::half, meta.fault);
    const Half arrays = fetch(stored.arrays, facts.arrays, blobs, placement);
    if (!arrays.bytes) return miss(MissReason::half, arrays.fault);
    Outcome outcome = decode(key, *meta.bytes, *arrays.bytes, now);
    // Only neve writes pointers, and neve seals what it stores: an unsealed half beside a pointed one is somebody's
    // later entry, of which the other half has gone.
    if (!outcome.sealed && (facts.meta || facts.arrays) && (stored.meta.nil() || stored.arrays.nil())) {
      return miss(MissReason::torn, "one half is of another entry than the half its facts point to");
    }
    outcome.result.compute_s = facts.compute_s;
    return outcome;
  } catch (const Error& error) {
    // A blob that cannot be read says nothing about the server, which has answered.
    if (error.code() == ErrorCode::io) return miss(MissReason::half, error.what());
    return miss(reason_of(error), error.what());
  }
}

}  // namespace neve::redis
