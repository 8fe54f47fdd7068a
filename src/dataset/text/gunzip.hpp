#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "dataset/csv/record_reader.hpp"

namespace neve::dataset {

/// What a gzip file (RFC 1952, of one member or several) unpacks to. Used by one thread.
class GunzipInput final : public TextInput {
 public:
  /// Borrows `packed`; `name` is for messages.
  GunzipInput(TextInput& packed, std::string name);
  ~GunzipInput() override;
  GunzipInput(const GunzipInput&) = delete;
  GunzipInput& operator=(const GunzipInput&) = delete;

  /// Throws `corrupt` for a damaged or truncated file; checksums are checked.
  std::size_t read(std::span<char> out) override;

 private:
  struct State;
  bool fill();

  TextInput& packed_;
  std::string name_;
  std::unique_ptr<State> state_;
};

}  // namespace neve::dataset
