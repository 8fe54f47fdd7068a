#include "pipeline/artifact/gnuplot.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <optional>
#include <thread>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/scratch_folder.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPoll{5};

/// What posix_spawn wants: to start in `folder`, input from nowhere, output to `log` there, a process group of its own.
class SpawnRequest {
 public:
  explicit SpawnRequest(const fs::path& folder) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, "log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnRequest() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnRequest(const SpawnRequest&) = delete;
  SpawnRequest& operator=(const SpawnRequest&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// Whether it ended by itself within `limit`. Leaves it to be reaped, so that its number stays its group's.
bool ends_within(pid_t child, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno != EINTR) {
      throw io_error("cannot wait for gnuplot", errno);
    }
    if (info.si_pid != 0) return true;
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kPoll);
  }
}

/// Runs `program` on `script.gp`; its exit status, or nothing if it had to be killed. The environment is fixed, so that
/// no user's settings change a picture.
std::optional<int> run_gnuplot(const std::string& program, const fs::path& folder, std::chrono::milliseconds limit) {
  std::string name = program, defaults = "-d", script = "script.gp";
  std::string home = "HOME=" + folder.string(), locale = "LC_ALL=C.UTF-8";
  std::array<char*, 4> arguments = {name.data(), defaults.data(), script.data(), nullptr};
  std::array<char*, 3> environment = {home.data(), locale.data(), nullptr};
  const SpawnRequest request(folder);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, program.c_str(), request.actions(), request.attributes(), arguments.data(),
                                     environment.data());
  if (problem == ENOENT) {
    throw Error(ErrorCode::unavailable, "'" + program + "' is not installed (Debian package gnuplot-nox)");
  }
  if (problem != 0) throw io_error("cannot start '" + program + "'", problem);
  const bool ended = ends_within(child, limit);
  ::kill(-child, SIGKILL);  // also what it left behind
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw io_error("cannot wait for gnuplot", errno);
  }
  return ended ? std::optional(status) : std::nullopt;
}

std::string first_line_of_log(const fs::path& folder) {
  const std::optional<Bytes> log = read_file(folder / "log");
  if (!log) return {};
  std::string_view text = log->text();
  text.remove_prefix(std::min(text.find_first_not_of("\n "), text.size()));
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Bytes draw_png(const Plot& plot, const std::string& program, const fs::path& temporary_folder,
               std::chrono::milliseconds limit) {
  const ScratchFolder scratch(temporary_folder, "plot");
  const GnuplotInput input = make_gnuplot_input(plot);
  replace_file(scratch.path() / "script.gp", as_byte_span(input.script), Durability::none);
  for (const auto& [name, data] : input.files) replace_file(scratch.path() / name, data, Durability::none);
  const std::optional<int> status = run_gnuplot(program, scratch.path(), limit);
  if (!status) {
    throw Error(ErrorCode::timeout,
                "'" + program + "' did not draw within " + std::to_string(limit.count()) + " ms and was killed");
  }
  std::optional<Bytes> picture = read_file(scratch.path() / "plot.png");
  if (*status != 0 || !picture || picture->empty()) {
    throw Error(ErrorCode::io, "'" + program + "' could not draw: " + first_line_of_log(scratch.path()));
  }
  return *std::move(picture);
}

}  // namespace neve
