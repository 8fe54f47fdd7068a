#pragma once

#include <neve/dataset/add_options.hpp>

#include "cli/arguments/dataset_arguments.hpp"

namespace neve::cli {

/// The options of `neve dataset add` as the library takes them. Throws `invalid_argument`, naming the option.
[[nodiscard]] dataset::AddOptions add_options_of(const DatasetArguments& arguments);

}  // namespace neve::cli
