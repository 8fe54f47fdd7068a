#pragma once

#include <cstdint>
#include <string>

#include <neve/dataset/add_options.hpp>

#include "cli/arguments/dataset_arguments.hpp"

namespace neve::cli {

/// The options of `neve dataset add` as the library takes them. Throws `invalid_argument`, naming the option.
[[nodiscard]] dataset::AddOptions add_options_of(const DatasetArguments& arguments);

/// Bytes that one addition or analysis may take, as `--memory` says. Where it says nothing (""), 1 GiB, or half of the
/// memory that the process may use if that is less: in a small container the kernel would end the process without a
/// word. Throws `invalid_argument`.
[[nodiscard]] std::uint64_t work_memory(const std::string& said);

}  // namespace neve::cli
