#include "cli/program/log_output.hpp"

#include <csignal>
#include <fstream>
#include <string>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <neve/codec/json.hpp>

#include "support/temporary_folder.hpp"

namespace neve::cli {
namespace {

/// While it lives, no file of this process grows beyond so many bytes: what a full disk is to a log.
class FullDisk {
 public:
  explicit FullDisk(rlim_t most) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit full{most, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(LogOutput, AFullDiskBreaksNoLineAndWhatItCostIsTold) {
  ::signal(SIGXFSZ, SIG_IGN);
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "log").string();
  constexpr int kLines = 20;
  LogOutput log(path);
  {
    const FullDisk full(100);  // in the middle of a line
    for (int i = 0; i < kLines; ++i) log.write("{\"event\":\"request\",\"number\":\"" + std::to_string(i) + "\"}\n");
  }
  log.write("{\"event\":\"last\"}\n");
  std::ifstream written(path);
  int requests = 0;
  int lost = 0;
  std::string event;
  for (std::string line; std::getline(written, line);) {
    ASSERT_NO_THROW((void)parse_json(line)) << line;
    event = parse_json(line)["event"];
    if (event == "request") ++requests;
    if (event == "log") lost = std::stoi(parse_json(line)["detail"].get<std::string>());
  }
  EXPECT_EQ(event, "last");
  EXPECT_GT(lost, 0);
  EXPECT_EQ(requests + lost, kLines);
}

}  // namespace
}  // namespace neve::cli
