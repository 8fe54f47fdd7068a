#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/base/file.hpp>
#include <neve/service/request.hpp>

namespace neve::service {

/// `length` bytes of an open file from `offset`, sent without passing through this process's memory.
struct FileBody {
  std::shared_ptr<const FileDescriptor> file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

using Body = std::variant<Bytes, FileBody>;

[[nodiscard]] std::uint64_t body_size(const Body& body) noexcept;

/// What a client is answered. The server adds Content-Length, Date and Connection. A plain value.
struct Response {
  int status = 200;
  std::vector<Header> headers;  ///< names as they are to be sent
  Body body;
  std::shared_ptr<const void> note;  ///< the handler's own, handed back to it by `Handler::finished`

  Response& with(std::string name, std::string value) & {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
  Response&& with(std::string name, std::string value) && { return std::move(with(std::move(name), std::move(value))); }
};

/// "Not Found" of 404; "Unknown" of a number HTTP gives no meaning to.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

}  // namespace neve::service
