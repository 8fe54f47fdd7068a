#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/cache/redis_options.hpp>
#include <neve/codec/entry.hpp>

#include "cache/redis/entry/blob_store.hpp"
#include "cache/redis/entry/entry_keys.hpp"
#include "cache/redis/entry/entry_reader.hpp"
#include "cache/redis/entry/facts.hpp"
#include "cache/redis/wire/command.hpp"

namespace neve::redis {

/// Whether the commands of one store are bound together by MULTI and EXEC.
enum class Binding { transaction, none };

/// What a Redis string can hold as the server is shipped (proto-max-bulk-len); nothing larger is stored inline.
inline constexpr std::uint64_t kLargestValue = std::uint64_t{512} << 20;

/// A store that the server carries out only while the lease `key` holds `token`.
struct Fence {
  std::string key;
  std::string token;
};

/// What lies under the three keys of an entry; empty for nothing, or for a value of another type. Borrowed.
struct StoredValues {
  std::string_view arrays;
  std::string_view facts;
  std::string_view meta;

  [[nodiscard]] static StoredValues of(const StoredEntry& stored) {
    return {stored.arrays.text(), stored.facts.text(), stored.meta.text()};
  }
};

/// Decides where the halves of an encoded entry go and makes the commands that put them there.
class EntryWriter {
 public:
  EntryWriter(const RedisOptions& options, BlobStore* blobs) : options_(options), blobs_(blobs) {}

  struct Plan {
    std::vector<Command> commands;
    std::string declined;  ///< why there are none, for a person
  };
  /// `facts` are completed by which halves lie in the blob folder. The commands borrow from `encoded`, which must
  /// outlive them. Halves that are too large for Redis are written to the blob folder here, so that their pointer is
  /// stored last. Throws `io`.
  [[nodiscard]] Plan plan(const EntryKeys& keys, const EncodedEntry& encoded, EntryFacts facts,
                          std::optional<std::chrono::milliseconds> lifetime, Binding binding);

  /// The same as one script, whose reply is 0 if the lease was not held.
  [[nodiscard]] Plan plan_fenced(const EntryKeys& keys, const EncodedEntry& encoded, EntryFacts facts,
                                 std::optional<std::chrono::milliseconds> lifetime, const Fence& fence);

  /// The same as one script that replaces `old`; its reply is 0 if something else is there now.
  [[nodiscard]] Plan plan_replacement(const EntryKeys& keys, const EncodedEntry& encoded, EntryFacts facts,
                                      std::optional<std::chrono::milliseconds> lifetime, const StoredValues& old);

  /// The command that puts facts in the place of `old`, for a minute: half an entry, which any store replaces and any
  /// erase removes. Its reply is 0 if something else is there now.
  [[nodiscard]] static Command announcement(const EntryKeys& keys, const std::string& announced,
                                            const StoredValues& old);

  /// The command that removes the announcement `old`; its reply likewise.
  [[nodiscard]] static Command withdrawal(const EntryKeys& keys, const StoredValues& old);

 private:
  /// Why the entry is declined, or nothing once large halves are in the blob folder and `facts` point to them.
  [[nodiscard]] std::string place(const EncodedEntry& encoded, EntryFacts& facts);
  template <class Make>
  [[nodiscard]] Plan plan_script(const EncodedEntry& encoded, EntryFacts facts,
                                 std::optional<std::chrono::milliseconds> lifetime, const Make& command);

  const RedisOptions& options_;
  BlobStore* blobs_;
};

}  // namespace neve::redis
