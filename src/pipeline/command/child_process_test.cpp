#include "pipeline/command/child_process.hpp"

#include <csignal>
#include <filesystem>
#include <stop_token>
#include <thread>

#include <sys/wait.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using testing::HasSubstr;

class ChildProcess : public testing::Test {
 protected:
  ChildResult run(const std::string& command) {
    options_.command = command;
    options_.working_folder = folder_.path();
    options_.environment = {"PATH=/usr/bin:/bin", "GREETING=hello world"};
    options_.on_output = [this](std::string_view text) {
      output_ += text;
      if (on_text_) on_text_();
    };
    return run_child(options_);
  }

  TemporaryFolder folder_;
  ChildOptions options_;
  std::string output_;
  std::function<void()> on_text_;
};

TEST_F(ChildProcess, GivesTheExitStatusAndBothOutputs) {
  const ChildResult result = run("echo to out; echo to err >&2; exit 7");
  EXPECT_EQ(result.end, ChildResult::End::exited);
  EXPECT_EQ(result.code, 7);
  EXPECT_EQ(output_, "to out\nto err\n");
}

TEST_F(ChildProcess, RunsInItsFolderWithItsEnvironmentAndNoInput) {
  EXPECT_EQ(run("pwd; echo \"$GREETING\"; cat; echo done").code, 0);
  EXPECT_EQ(output_, folder_.path().string() + "\nhello world\ndone\n");
}

TEST_F(ChildProcess, ReportsTheSignalThatKilledIt) {
  const ChildResult result = run("kill -9 $$");
  EXPECT_EQ(result.end, ChildResult::End::signalled);
  EXPECT_EQ(result.code, SIGKILL);
}

TEST_F(ChildProcess, WhereNobodyKnowsHowItEndedThatIsAnErrorAndNoSuccess) {
  const auto usual = std::signal(SIGCHLD, SIG_IGN);  // the system reaps it
  EXPECT_THAT([&] { (void)run("touch started; exit 3"); },
              testing::ThrowsMessage<Error>(HasSubstr("must not ignore SIGCHLD")));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "started")) << "it would have computed for nothing";
  (void)std::signal(SIGCHLD, usual);
}

TEST_F(ChildProcess, OneThatSomebodyElseHasReapedIsAnErrorToo) {
  std::jthread other([](const std::stop_token& stop) {
    while (!stop.stop_requested()) (void)::waitpid(-1, nullptr, WNOHANG);
  });
  EXPECT_THROW(
      {
        for (int i = 0; i < 100; ++i) (void)run("exit 3");
      },
      Error);
}

TEST_F(ChildProcess, StoppingLetsTheCommandCleanUp) {
  std::stop_source stop;
  options_.stop = stop.get_token();
  on_text_ = [&] { stop.request_stop(); };
  const ChildResult result = run("trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done");
  EXPECT_EQ(result.end, ChildResult::End::stopped);
  EXPECT_THAT(output_, HasSubstr("cleaned"));
}

TEST_F(ChildProcess, StoppingReachesGrandchildrenThatIgnoreIt) {
  std::stop_source stop;
  options_.stop = stop.get_token();
  options_.grace = std::chrono::milliseconds(50);
  on_text_ = [&] { stop.request_stop(); };
  const ChildResult result =
      run("(trap '' TERM; echo $BASHPID; sh -c 'echo $PPID'; exec sleep 1000) & echo ready; wait");
  EXPECT_EQ(result.end, ChildResult::End::stopped);  // and did return, although somebody ignored SIGTERM
}

/// 'Z' or 'X' for a process that is dead, or when there is none any more.
char state_of(pid_t pid) {
  char letter = 'X';
  if (FILE* status = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r")) {
    if (std::fscanf(status, "%*d %*s %c", &letter) != 1) letter = 'X';
    std::fclose(status);
  }
  return letter;
}

TEST_F(ChildProcess, WhatTheCommandLeavesRunningIsKilled) {
  EXPECT_EQ(run("sleep 1000 & echo $!").code, 0);
  const pid_t left = static_cast<pid_t>(std::stol(output_));
  // A killed process dies when the kernel next gets round to it; one that was not killed would keep this test running
  // into its time limit.
  while (state_of(left) != 'Z' && state_of(left) != 'X') std::this_thread::yield();
}

TEST_F(ChildProcess, AProcessThatLeftTheGroupAndKeepsWritingIsNotWaitedFor) {
  // It ends when nobody reads any more: `yes` gets SIGPIPE.
  EXPECT_EQ(run("echo first; setsid yes & exit 3").code, 3);
  EXPECT_THAT(output_, testing::StartsWith("first\n"));
}

}  // namespace
}  // namespace neve
