#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/pipeline/text_place.hpp>

namespace neve {

/// The mistakes of a file, told together: who has made three mends three, instead of one a run. Not thread-safe.
class Mistakes {
 public:
  void add(const TextPlace& place, const std::string& what) { all_.push_back({place, place.text + ": " + what}); }

  /// Calls `part` and keeps what it refuses (`invalid_argument`): at the place of a `PlacedError`, at `around` of other
  /// errors, whose messages begin with a place, too. Whether there was nothing to refuse.
  template <class Part>
  bool attempt(const Part& part, const TextPlace& around = {}) {
    try {
      part();
      return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_argument) throw;
      keep(error, around);
      return false;
    }
  }

  [[nodiscard]] bool none() const noexcept { return all_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return all_.size(); }

  /// Throws `invalid_argument` with one a line, in the order of their places and the first twenty, if there are any.
  void raise() const;

 private:
  struct Mistake {
    TextPlace place;
    std::string message;  ///< begins with the place
  };

  void keep(const Error& error, const TextPlace& around);

  std::vector<Mistake> all_;
};

}  // namespace neve
