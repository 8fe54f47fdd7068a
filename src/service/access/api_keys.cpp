#include "service/access/api_keys.hpp"

#include <openssl/crypto.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve::service {
namespace {

constexpr std::chrono::milliseconds kLookAgain{1000};

}  // namespace

ApiKeys::ApiKeys(const std::filesystem::path& file, const Clock& clock, Log log)
    : file_(file),
      clock_(clock),
      log_(std::move(log)),
      looked_at_(clock.now()),
      read_at_(looked_at_),
      stamp_(file_stamp(file)),
      keys_(std::make_shared<const Keys>(file_.read())),
      had_keys_(!keys_->empty()) {}

bool ApiKeys::required() {
  if (!keys()->empty()) had_keys_ = true;
  return had_keys_;
}

std::shared_ptr<const ApiKeys::Keys> ApiKeys::keys() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  if (now >= looked_at_ && now - looked_at_ < kLookAgain) return keys_;  // a clock may be set back
  looked_at_ = now;
  const auto stamp = file_stamp(file_.path());
  const bool settled = !stamp || stamp->settled_before(read_at_.time_since_epoch());
  if (settled && stamp == stamp_) return keys_;
  read_at_ = now;
  stamp_ = stamp;  // of before the reading: what changes during it is read again
  read_again();
  return keys_;
}

/// A file caught half-edited locks nobody out, and lets nobody in whom the last good one did not. But whoever has
/// removed a key from it must not believe that it counts no more.
void ApiKeys::read_again() {
  std::string fault;
  try {
    keys_ = std::make_shared<const Keys>(file_.read());
  } catch (const Error& error) {
    fault = error.what();
  }
  if (fault == fault_) return;
  fault_ = std::move(fault);
  if (!log_) return;
  if (fault_.empty()) {
    log_("info", "the key file '" + file_.path().string() + "' is read again, and counts");
  } else {
    log_("error", fault_ + "; until that is mended, the keys that were read before count, those removed since as well");
  }
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
