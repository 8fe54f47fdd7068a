#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <neve/base/error.hpp>

namespace neve {

/// The mistakes of a file, told together: who has made three mends three, instead of one a run. Not thread-safe.
class Mistakes {
 public:
  /// Each begins with its place.
  void add(std::string mistake) { all_.push_back(std::move(mistake)); }

  /// Calls `part` and keeps what it refuses (`invalid_argument`). Whether there was nothing to refuse.
  template <class Part>
  bool attempt(const Part& part) {
    try {
      part();
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_argument) throw;
      add(error.what());
      return false;
    }
  }

  [[nodiscard]] bool none() const noexcept { return all_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return all_.size(); }

  /// Throws `invalid_argument` with one a line, in the order of their places and the first twenty, if there are any.
  void raise() const;

 private:
  std::vector<std::string> all_;
};

}  // namespace neve
