#pragma once

#include <neve/codec/json.hpp>

namespace neve::cli {

/// Where the metadata of two results differ: a list of objects with the `path`, and what stands there `before` and
/// `after`, each if something does. What Python has encoded (docs/formats/python-values.md) is told by its own names.
/// 1 differs from 1.0, and NaN does not from NaN. The digest of the output is passed over.
[[nodiscard]] Json metadata_difference(Json a, Json b);

}  // namespace neve::cli
