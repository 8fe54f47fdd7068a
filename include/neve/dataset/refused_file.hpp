#pragma once

#include <string>

#include <neve/base/error.hpp>

namespace neve::dataset {

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
