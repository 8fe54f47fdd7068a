#include "service/api_keys.hpp"

#include <openssl/crypto.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve::service {
namespace {

constexpr std::chrono::milliseconds kLookAgain{1000};

std::filesystem::file_time_type time_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto time = std::filesystem::last_write_time(file, none);
  return none ? std::filesystem::file_time_type() : time;
}

}  // namespace

ApiKeys::ApiKeys(const std::filesystem::path& file, const Clock& clock)
    : file_(file),
      clock_(clock),
      keys_(std::make_shared<const Keys>(file_.read())),
      read_at_(time_of(file)),
      looked_at_(clock.now()),
      had_keys_(!keys_->empty()) {}

bool ApiKeys::required() {
  if (!keys()->empty()) had_keys_ = true;
  return had_keys_;
}

std::shared_ptr<const ApiKeys::Keys> ApiKeys::keys() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  if (now - looked_at_ < kLookAgain) return keys_;
  looked_at_ = now;
  const auto changed = time_of(file_.path());
  if (changed == read_at_) return keys_;
  read_at_ = changed;
  try {
    keys_ = std::make_shared<const Keys>(file_.read());
  } catch (const Error&) {
    // A file caught half-edited locks nobody out, and lets nobody in whom the last good one did not.
  }
  return keys_;
}

std::optional<std::string> ApiKeys::owner_of(std::string_view presented) {
  const std::string digest = sha256_hex(presented);
  const auto known = keys();
  std::optional<std::string> owner;
  for (const KeyDigest& key : *known) {  // all of them, whichever fits
    if (CRYPTO_memcmp(key.sha256.data(), digest.data(), digest.size()) == 0) owner = key.name;
  }
  return owner;
}

}  // namespace neve::service
