#include "service/api_keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kLookAgain{1000};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::filesystem::file_time_type time_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto time = std::filesystem::last_write_time(file, none);
  return none ? std::filesystem::file_time_type() : time;
}

}  // namespace

ApiKeys::ApiKeys(std::filesystem::path file, const Clock& clock)
    : file_(std::move(file)),
      clock_(clock),
      entries_(std::make_shared<const Entries>(read(file_))),
      read_at_(time_of(file_)),
      looked_at_(clock.now()) {}

ApiKeys::Entries ApiKeys::read(const std::filesystem::path& file) {
  Entries entries;
  const auto bytes = read_file(file, kMaxFileBytes);
  std::string_view text = bytes ? bytes->text() : std::string_view();
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view digest = line.substr(std::min(space + 1, line.size()));
    if (!is_name(line.substr(0, space)) || !is_sha256(digest)) {
      throw Error(ErrorCode::invalid_argument, "line " + std::to_string(number) + " of the key file '" + file.string() +
                                                   "' is not a name and the 64 hexadecimal digits of a SHA-256");
    }
    entries.push_back({std::string(line.substr(0, space)), std::string(digest)});
  }
  return entries;
}

std::shared_ptr<const ApiKeys::Entries> ApiKeys::entries() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  if (now - looked_at_ < kLookAgain) return entries_;
  looked_at_ = now;
  const auto changed = time_of(file_);
  if (changed == read_at_) return entries_;
  read_at_ = changed;
  try {
    entries_ = std::make_shared<const Entries>(read(file_));
  } catch (const Error&) {
    // A file caught half-edited locks nobody out, and lets nobody in whom the last good one did not.
  }
  return entries_;
}

bool ApiKeys::any() { return !entries()->empty(); }

std::optional<std::string> ApiKeys::owner_of(std::string_view presented) {
  const std::string digest = sha256_hex(presented);
  const auto known = entries();
  std::optional<std::string> owner;
  for (const Entry& entry : *known) {  // all of them, whichever fits
    if (CRYPTO_memcmp(entry.sha256.data(), digest.data(), digest.size()) == 0) owner = entry.name;
  }
  return owner;
}

std::string ApiKeys::add(const std::filesystem::path& file, const std::string& name) {
  if (!is_name(name)) {
    throw Error(ErrorCode::invalid_argument,
                "a key's name is 1 to 64 letters, digits, '.', '_' and '-', which '" + name + "' is not");
  }
  for (const Entry& entry : read(file)) {
    if (entry.name == name) {
      throw Error(ErrorCode::invalid_argument, "'" + file.string() + "' has a key called '" + name +
                                                   "'; remove its line first, or choose another name");
    }
  }
  std::array<std::byte, 32> random;
  if (::RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(random.size())) != 1) {
    throw Error(ErrorCode::internal, "no random numbers can be had");
  }
  const std::string key = "neve_" + to_hex(random);
  const auto before = read_file(file, kMaxFileBytes);
  std::string text(before ? before->text() : "# API keys of neve serve: a name and the SHA-256 of its key\n");
  if (!text.ends_with('\n')) text += '\n';
  text += name + " " + sha256_hex(std::string_view(key)) + "\n";
  replace_file(file, as_byte_span(text), Durability::full);
  return key;
}

}  // namespace neve::service
