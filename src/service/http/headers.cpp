#include <neve/service/request.hpp>

namespace neve::service {

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) noexcept {
  for (const Header& header : headers) {
    if (header.name == name) return &header.value;
  }
  return nullptr;
}

}  // namespace neve::service
