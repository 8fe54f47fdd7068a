#pragma once

#include <clocale>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.hpp"

namespace neve {

/// While it lives this process reads and prints numbers as Germany does, 1,5 for one and a half: what a program does
/// that calls setlocale(LC_ALL, "") there, as graphical toolkits do by themselves. The locale is made of Debian's
/// package `locales`. Throws std::runtime_error if it cannot be made.
class CommaLocale {
 public:
  CommaLocale() {
    const std::string name = "de_DE.UTF-8";
    const std::string command = "localedef -i de_DE -f UTF-8 '" + (folder_.path() / name).string() + "'";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("cannot make a locale; is `locales` installed?");
    ::setenv("LOCPATH", folder_.path().c_str(), 1);
    if (std::setlocale(LC_ALL, name.c_str()) == nullptr || std::localeconv()->decimal_point != std::string(","))
      throw std::runtime_error("the locale that was made cannot be used");
  }
  ~CommaLocale() {
    std::setlocale(LC_ALL, "C");
    ::unsetenv("LOCPATH");
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

 private:
  TemporaryFolder folder_;
};

}  // namespace neve
