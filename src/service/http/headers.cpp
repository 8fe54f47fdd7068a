#include <neve/service/request.hpp>

namespace neve::service {

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) noexcept {
  for (const Header& header : headers) {
    if (header.name == name) return &header.value;
  }
  return nullptr;
}

std::optional<std::string> find_list_header(const std::vector<Header>& headers, std::string_view name) {
  std::optional<std::string> list;
  for (const Header& header : headers) {
    if (header.name == name) list = list ? *list + ", " + header.value : header.value;
  }
  return list;
}

}  // namespace neve::service
