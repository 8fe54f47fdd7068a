#pragma once

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace neve::bench {

/// The Python peers, in a process of their own that times one case per request. Absent when Python or a package is:
/// every request then answers nothing. Not thread-safe.
class PeerProcess {
 public:
  /// Starts `python3 peers.py FOLDER`; `script` is the path of peers.py.
  PeerProcess(const std::filesystem::path& script, const std::filesystem::path& folder);
  ~PeerProcess();
  PeerProcess(const PeerProcess&) = delete;
  PeerProcess& operator=(const PeerProcess&) = delete;

  /// What the process said of itself: versions, or why it is absent.
  [[nodiscard]] const std::string& description() const { return description_; }

  /// Microseconds per operation of `request` ("CASE SIZE KIND COUNT"), or nothing if that peer is absent.
  [[nodiscard]] std::optional<double> ask(const std::string& request);

 private:
  [[nodiscard]] std::optional<std::string> read_line();

  pid_t pid_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  std::string description_;
};

}  // namespace neve::bench
