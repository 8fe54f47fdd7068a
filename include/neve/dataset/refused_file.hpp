#pragma once

#include <string>
#include <utility>

#include <neve/base/error.hpp>

namespace neve::dataset {

/// An option that does not fit the file, or that has no such value. Its code is `invalid_argument`.
class WrongOption : public Error {
 public:
  /// `option` is called as in `AddOptions`.
  WrongOption(std::string option, const std::string& message)
      : Error(ErrorCode::invalid_argument, message), option_(std::move(option)) {}

  [[nodiscard]] const std::string& option() const noexcept { return option_; }

 private:
  std::string option_;
};

/// A workbook that only its password opens. Its code is `unsupported`.
class EncryptedWorkbook : public Error {
 public:
  explicit EncryptedWorkbook(const std::string& message) : Error(ErrorCode::unsupported, message) {}
};

/// An archive that unpacks to more than its limit, or to more than a table's would. Its code is `too_large`.
class ArchiveBomb : public Error {
 public:
  explicit ArchiveBomb(const std::string& message) : Error(ErrorCode::too_large, message) {}
};

}  // namespace neve::dataset
