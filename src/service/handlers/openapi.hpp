#pragma once

#include <string_view>

namespace neve::service {

/// The OpenAPI document of the service: openapi.json of this folder, compiled in.
[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace neve::service
