#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace neve {

/// The dictionary in an NPY header: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
struct NpyLiteral {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
};

/// Reads exactly that dictionary, its three names in any order, and nothing else that Python could evaluate. Throws
/// `corrupt` with the offset, and `unsupported` when `descr` is a list, which means a structured dtype.
[[nodiscard]] NpyLiteral parse_npy_literal(std::string_view text);

}  // namespace neve
