#pragma once

#include <clocale>
#include <locale.h>

namespace neve {

/// While it lives, the C library's functions print and read numbers with a point in this thread, whatever locale the
/// program has chosen. For calls of libraries that rely on them. Belongs to the thread that made it.
class CNumbers {
 public:
  CNumbers() : c_(::newlocale(LC_ALL_MASK, "C", nullptr)), before_(::uselocale(c_)) {}
  ~CNumbers() {
    ::uselocale(before_);
    ::freelocale(c_);
  }
  CNumbers(const CNumbers&) = delete;
  CNumbers& operator=(const CNumbers&) = delete;

 private:
  locale_t c_;
  locale_t before_;
};

}  // namespace neve
