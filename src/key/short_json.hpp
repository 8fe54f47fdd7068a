#pragma once

#include <string>

#include <neve/codec/json.hpp>

namespace neve {

/// `value` as JSON for a message, cut after about 60 characters; never throws for what a file may hold.
[[nodiscard]] std::string short_json(const Json& value);

}  // namespace neve
