#include "cache/redis/entry/entry_writer.hpp"

#include <algorithm>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/guard/local_work.hpp"
#include "cache/redis/entry/facts.hpp"

namespace neve::redis {
namespace {

// Whoever holds the lease stores. If nobody does, the leader's was lost (the server was flushed or restarted, or
// evicted it) or lapsed: then its result is welcome unless a successor's is there already, both halves of it. That is
// told from our own, which a second run finds after the reply to the first was lost. An empty value stands for
// "remove": no half of an entry is ever empty, and facts without content are none.
constexpr const char* kFencedStore =
    "local function value(i) "
    "local value = redis.pcall('get', KEYS[i]) "
    "return type(value) == 'string' and value or '' end "
    "local function there() "
    "for i = 1, 3 do "
    "if value(i) ~= ARGV[i + 2] then return 0 end "
    "end return 1 end "
    "local function whole() "
    "local facts = value(2) "
    "local function has(i, pointer) return value(i) ~= '' or string.find(facts, pointer, 1, true) end "
    "return has(1, '\"arrays\":') and has(3, '\"meta\":') end "
    "local holder = redis.call('get', KEYS[4]) "
    "if holder == 'unkept' then holder = false end "
    "if holder and holder ~= ARGV[1] then return there() end "
    "if not holder and whole() then return there() end "
    "for i = 1, 3 do "
    "if ARGV[i + 2] == '' then redis.call('del', KEYS[i]) "
    "elseif ARGV[2] == '' then redis.call('set', KEYS[i], ARGV[i + 2]) "
    "else redis.call('set', KEYS[i], ARGV[i + 2], 'px', ARGV[2]) end "
    "end return 1";

// How much of the end of a value tells it from others of its length: an npz file's last bytes are the seal, a comment
// of at most 65,535 bytes with a digest over the whole file, or, without a seal, the directory with the arrays'
// checksums.
constexpr std::size_t kTellingBytes = 66'000;

// Of each value the length and the end are compared. A second run, after the reply to the first was lost, finds the new
// values and has nothing left to do. An empty value stands for none, as above, and a value of another type for none, as
// it does for a lookup.
constexpr const char* kReplace =
    "local old, new = true, true "
    "for i = 1, 3 do "
    "local value = redis.pcall('get', KEYS[i]) "
    "if type(value) ~= 'string' then value = '' end "
    "if #value ~= tonumber(ARGV[2 * i + 3]) or string.sub(value, -66000) ~= ARGV[2 * i + 4] then old = false end "
    "if value ~= ARGV[i + 1] then new = false end "
    "end "
    "if not old then return new and 1 or 0 end "
    "for i = 1, 3 do "
    "if ARGV[i + 1] == '' then redis.call('del', KEYS[i]) "
    "elseif ARGV[1] == '' then redis.call('set', KEYS[i], ARGV[i + 1]) "
    "else redis.call('set', KEYS[i], ARGV[i + 1], 'px', ARGV[1]) end "
    "end return 1";

std::string_view telling_end(std::string_view text) {
  return text.substr(text.size() - std::min(text.size(), kTellingBytes));
}

// Relative, so that it holds even if the server's clock is wrong.
std::string milliseconds_text(std::chrono::milliseconds lifetime) {
  return std::to_string(std::max<std::int64_t>(1, lifetime.count()));
}

Command set(const std::string& key, const Argument& value, const std::optional<std::chrono::milliseconds>& lifetime) {
  if (!lifetime) return Command({"SET", key, value});
  return Command({"SET", key, value, "PX", milliseconds_text(*lifetime)});
}

// An announcement whose copy never came is in nobody's way, and goes by itself. Milliseconds.
constexpr const char* kAnnouncedFor = "60000";

Command replace(const EntryKeys& keys, const std::string& px, const Argument& arrays, const std::string& facts,
                const Argument& meta, const StoredValues& old) {
  const auto length = [](std::string_view value) { return std::to_string(value.size()); };
  const std::string arrays_length = length(old.arrays);
  const std::string facts_length = length(old.facts);
  const std::string meta_length = length(old.meta);
  return Command({"EVAL", kReplace, "3", keys.arrays, keys.facts, keys.meta, px, arrays, facts, meta, arrays_length,
                  telling_end(old.arrays), facts_length, telling_end(old.facts), meta_length, telling_end(old.meta)},
                 3);
}

}  // namespace

std::string EntryWriter::place(const EncodedEntry& encoded, EntryFacts& facts) {
  const LocalWork::Span work;
  const std::uint64_t limit = std::min(options_.inline_limit, kLargestValue);
  const std::uint64_t arrays_size = encoded.npz_bytes();
  const bool meta_outside = encoded.json.size() > limit;
  const bool arrays_outside = arrays_size > limit - (meta_outside ? 0 : encoded.json.size());
  if ((meta_outside || arrays_outside) && blobs_ == nullptr) {
    return "the entry has " + std::to_string(encoded.json.size() + arrays_size) + " bytes, the inline limit is " +
           std::to_string(limit) + ", and the Redis URL names no blob folder ('blobs')";
  }
  const Bytes meta = Bytes::borrowed(as_byte_span(encoded.json));
  try {
    if (meta_outside) facts.meta = blobs_->write({&meta, 1});
    if (arrays_outside) facts.arrays = blobs_->write(encoded.npz);
  } catch (const Error& error) {  // which says nothing about the server
    if (error.code() != ErrorCode::io) throw;
    return error.what();
  }
  return {};
}

EntryWriter::Plan EntryWriter::plan(const EntryKeys& keys, const EncodedEntry& encoded, EntryFacts facts,
                                    std::optional<std::chrono::milliseconds> lifetime, Binding binding) {
  if (std::string declined = place(encoded, facts); !declined.empty()) return {{}, std::move(declined)};
  const std::string facts_text = print_facts(facts);
  Plan plan;
  const auto put = [&](const std::string& key, bool present, const Argument& value) {
    plan.commands.push_back(present ? set(key, value, lifetime) : Command({"DEL", key}));
  };
  const Bytes meta = Bytes::borrowed(as_byte_span(encoded.json));
  if (binding == Binding::transaction) plan.commands.push_back(Command({"MULTI"}));
  put(keys.arrays, !facts.arrays, Argument(encoded.npz));
  put(keys.facts, !facts_text.empty(), facts_text);
  put(keys.meta, !facts.meta, Argument({&meta, 1}));
  if (binding == Binding::transaction) plan.commands.push_back(Command({"EXEC"}));
  return plan;
}

/// `command`: that of the script, of the time to live and the three values; a half in the blob folder has none.
template <class Make>
EntryWriter::Plan EntryWriter::plan_script(const EncodedEntry& encoded, EntryFacts facts,
                                           std::optional<std::chrono::milliseconds> lifetime, const Make& command) {
  if (std::string declined = place(encoded, facts); !declined.empty()) return {{}, std::move(declined)};
  const Bytes meta = Bytes::borrowed(as_byte_span(encoded.json));
  const Argument nothing("");
  Plan plan;
  plan.commands.push_back(command(lifetime ? milliseconds_text(*lifetime) : "",
                                  facts.arrays ? nothing : Argument(encoded.npz), print_facts(facts),
                                  facts.meta ? nothing : Argument({&meta, 1})));
  return plan;
}

EntryWriter::Plan EntryWriter::plan_fenced(const EntryKeys& keys, const EncodedEntry& encoded, EntryFacts facts,
                                           std::optional<std::chrono::milliseconds> lifetime, const Fence& fence) {
  return plan_script(encoded, std::move(facts), lifetime,
                     [&](const std::string& px, const Argument& arrays, const std::string& text, const Argument& meta) {
                       return Command({"EVAL", kFencedStore, "4", keys.arrays, keys.facts, keys.meta, fence.key,
                                       fence.token, px, arrays, text, meta},
                                      3);
                     });
}

EntryWriter::Plan EntryWriter::plan_replacement(const EntryKeys& keys, const EncodedEntry& encoded, EntryFacts facts,
                                                std::optional<std::chrono::milliseconds> lifetime,
                                                const StoredValues& old) {
  return plan_script(encoded, std::move(facts), lifetime,
                     [&](const std::string& px, const Argument& arrays, const std::string& text, const Argument& meta) {
                       return replace(keys, px, arrays, text, meta, old);
                     });
}

Command EntryWriter::announcement(const EntryKeys& keys, const std::string& announced, const StoredValues& old) {
  return replace(keys, kAnnouncedFor, "", announced, "", old);
}

Command EntryWriter::withdrawal(const EntryKeys& keys, const StoredValues& old) {
  return replace(keys, kAnnouncedFor, "", "", "", old);
}

}  // namespace neve::redis
