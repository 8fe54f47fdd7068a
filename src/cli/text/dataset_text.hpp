#pragma once

#include <cstddef>
#include <string>

#include <neve/dataset/dataset_store.hpp>

namespace neve::cli {

/// For people: the columns of a schema as a table, and its warnings. `width`: columns of the terminal, 0 for any.
[[nodiscard]] std::string schema_text(const dataset::Schema& schema, std::size_t width);

/// For people: what happened to a dataset, step by step.
[[nodiscard]] std::string lineage_text(const Json& lineage);

}  // namespace neve::cli
