#include "service/access/foreign_page.hpp"

#include <algorithm>
#include <string_view>

#include <neve/base/ascii.hpp>

namespace neve::service {
namespace {

/// A Host or the authority of an Origin without its port.
std::string_view without_port(std::string_view authority) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return authority.substr(0, colon);
}

/// `localhost`, a name below it, or an address: what no other's name server can lead elsewhere.
bool is_own_name(std::string_view host) {
  if (host.starts_with('[')) return true;
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string name = lower_case(host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

std::optional<std::string> sign_of_foreign_page(const Request& request) {
  const std::string* host = request.header("host");
  if (host != nullptr && !is_own_name(without_port(*host))) {
    return "it is addressed to '" + *host + "', which is neither localhost nor an address";
  }
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  if (const std::string* site = request.header("sec-fetch-site")) {
    if (*site == "same-origin" || *site == "none") return std::nullopt;
    return "the browser says that a page from elsewhere asks (Sec-Fetch-Site: " + *site + ")";
  }
  const std::string* origin = request.header("origin");
  if (origin == nullptr) return std::nullopt;
  const std::size_t scheme = origin->find("://");
  const bool own = host != nullptr && scheme != std::string::npos &&
                   equals_ignoring_case(std::string_view(*origin).substr(scheme + 3), *host);
  if (own) return std::nullopt;
  return "a page of '" + *origin + "' asks";
}

}  // namespace neve::service
