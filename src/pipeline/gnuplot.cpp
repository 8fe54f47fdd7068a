#include "pipeline/gnuplot.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/scratch_folder.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

/// Starts the program in `folder`, input from nowhere, output to `log` there.
class FileActions {
 public:
  explicit FileActions(const fs::path& folder) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, "log", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&actions_, 1, 2);
  }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw io_error("cannot wait for gnuplot", errno);
  }
  return status;
}

/// Runs `program` on `script.gp`; its exit status. The environment is fixed, so that no user's settings change a
/// picture.
int run_gnuplot(const std::string& program, const fs::path& folder) {
  std::string name = program, defaults = "-d", script = "script.gp";
  std::string home = "HOME=" + folder.string(), locale = "LC_ALL=C.UTF-8";
  std::array<char*, 4> arguments = {name.data(), defaults.data(), script.data(), nullptr};
  std::array<char*, 3> environment = {home.data(), locale.data(), nullptr};
  const FileActions actions(folder);
  pid_t child = 0;
  const int problem =
      ::posix_spawnp(&child, program.c_str(), actions.get(), nullptr, arguments.data(), environment.data());
  if (problem == ENOENT) {
    throw Error(ErrorCode::unavailable, "'" + program + "' is not installed (Debian package gnuplot-nox)");
  }
  if (problem != 0) throw io_error("cannot start '" + program + "'", problem);
  return wait_for(child);
}

std::string first_line_of_log(const fs::path& folder) {
  const std::optional<Bytes> log = read_file(folder / "log");
  if (!log) return {};
  std::string_view text = log->text();
  text.remove_prefix(std::min(text.find_first_not_of("\n "), text.size()));
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Bytes draw_png(const Plot& plot, const std::string& program, const fs::path& temporary_folder) {
  const ScratchFolder scratch(temporary_folder, "plot");
  const GnuplotInput input = make_gnuplot_input(plot);
  replace_file(scratch.path() / "script.gp", as_byte_span(input.script), Durability::none);
  for (const auto& [name, data] : input.files) replace_file(scratch.path() / name, data, Durability::none);
  const int status = run_gnuplot(program, scratch.path());
  std::optional<Bytes> picture = read_file(scratch.path() / "plot.png");
  if (status != 0 || !picture || picture->empty()) {
    throw Error(ErrorCode::io, "'" + program + "' could not draw: " + first_line_of_log(scratch.path()));
  }
  return *std::move(picture);
}

}  // namespace neve
