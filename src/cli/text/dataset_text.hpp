#pragma once

#include <string>

#include <neve/dataset/dataset_store.hpp>

namespace neve::cli {

/// For people: the columns of a schema as a table, and its warnings.
[[nodiscard]] std::string schema_text(const dataset::Schema& schema);

/// For people: what happened to a dataset, step by step.
[[nodiscard]] std::string lineage_text(const Json& lineage);

}  // namespace neve::cli
