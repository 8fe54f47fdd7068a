#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <neve/base/file.hpp>
#include <neve/service/request.hpp>

#include "service/http/target.hpp"

namespace neve::service {

/// A file that was received, with no name in any folder: it is gone when this object is, and after a crash as well.
class ReceivedFile {
 public:
  /// An empty one in `folder`, which is made if it is not there. Throws `io`.
  explicit ReceivedFile(const std::filesystem::path& folder);

  void append(std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// A path that opens it, in this process and while the object lives.
  [[nodiscard]] std::filesystem::path path() const;
  /// SHA-256 of its bytes, in hexadecimal; reads them all.
  [[nodiscard]] std::string sha256() const;
  /// Its first bytes, at most so many.
  [[nodiscard]] std::string beginning(std::size_t most) const;

 private:
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

/// The name of a file that came without one.
inline constexpr const char* kNamelessUpload = "upload";

/// What came with a request to add a dataset. Used by one thread.
struct Upload {
  ReceivedFile file;
  std::string filename;                       ///< as the client says, without folders; "upload" if it says none
  std::map<std::string, std::string> fields;  ///< from the query and from multipart fields
};

/// Receives the file of a request, raw or as the part `file` of a multipart form, in constant memory.
///
/// Errors: ProblemError `unsupported_media_type` for a table without line ends in a form that is no multipart one, and
/// for a multipart form that is not called one,
/// `invalid_parameter` for text that is not UTF-8, `too_large` beyond `max_bytes` (before anything is read where the
/// length is announced), `bad_request` without a file, with two, or with a field given twice; what reading the body
/// throws.
[[nodiscard]] Upload receive_upload(const Request& request, const std::filesystem::path& folder,
                                    std::uint64_t max_bytes);

}  // namespace neve::service
