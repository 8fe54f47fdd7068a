#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/base/startable_threads.hpp>

#ifdef NEVE_HAS_OPTICS
#include <neve/optics/stages.hpp>
#endif

#include "cli/arguments/command_line.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/standard_streams.hpp"
#include "cli/terminal/terminal.hpp"

namespace {

using namespace neve;
using namespace neve::cli;

/// Calls the subcommand that the arguments ask for.
struct Dispatch {
  const Surroundings& surroundings;

  ExitCode operator()(const PrintText& print) const {
    fmt::print(print.mistake ? stderr : stdout, "{}", print.text);
    return print.mistake ? ExitCode::usage : ExitCode::ok;
  }
  ExitCode operator()(const RunArguments& arguments) const { return run_command(arguments, surroundings); }
  ExitCode operator()(const ListArguments& arguments) const { return list_command(arguments, surroundings); }
  ExitCode operator()(const ShowArguments& arguments) const { return show_command(arguments, surroundings); }
  ExitCode operator()(const DiffArguments& arguments) const { return diff_command(arguments, surroundings); }
  ExitCode operator()(const WhyArguments& arguments) const { return why_command(arguments, surroundings); }
  ExitCode operator()(const StatsArguments& arguments) const { return stats_command(arguments, surroundings); }
  ExitCode operator()(const VerifyArguments& arguments) const { return verify_command(arguments, surroundings); }
  ExitCode operator()(const CopyArguments& arguments) const { return copy_command(arguments, surroundings); }
  ExitCode operator()(const CollectArguments& arguments) const { return collect_command(arguments, surroundings); }
  ExitCode operator()(const RemoveArguments& arguments) const { return remove_command(arguments, surroundings); }
  ExitCode operator()(const DoctorArguments& arguments) const { return doctor_command(arguments, surroundings); }
  ExitCode operator()(const StagesArguments& arguments) const { return stages_command(arguments, surroundings); }
  ExitCode operator()(const WisdomArguments& arguments) const { return wisdom_command(arguments); }
  ExitCode operator()(const ServeArguments& arguments) const { return serve_command(arguments, surroundings); }
  ExitCode operator()(const AnalyzeArguments& arguments) const { return analyze_command(arguments, surroundings); }
  ExitCode operator()(const DatasetArguments& arguments) const { return dataset_command(arguments, surroundings); }
  ExitCode operator()(const CompletionsArguments& arguments) const { return completions_command(arguments); }
};

bool names_stages(const Arguments& arguments) {
  return std::holds_alternative<RunArguments>(arguments) || std::holds_alternative<WhyArguments>(arguments) ||
         std::holds_alternative<StagesArguments>(arguments) || std::holds_alternative<DoctorArguments>(arguments);
}

void register_stages([[maybe_unused]] Surroundings& surroundings) {
#ifdef NEVE_HAS_OPTICS
  const std::string& wisdom = surroundings.fftw_wisdom;
  optics::register_stages(surroundings.registry,
                          wisdom.empty() ? optics::make_planner() : std::make_shared<optics::FftPlanner>(wisdom));
#endif
}

ExitCode run(const std::vector<std::string>& words) {
  const std::size_t columns = output_width();
  const Arguments arguments = parse_command_line(words, columns == 0 ? kHelpColumns : columns);
  Surroundings surroundings = Surroundings::of_this_process();
  if (names_stages(arguments)) register_stages(surroundings);
  return std::visit(Dispatch{surroundings}, arguments);
}

ExitCode run_and_report(const std::vector<std::string>& words) {
  try {
    return run(words);
  } catch (const Error& error) {
    fmt::print(stderr, "neve: {}\n", error.what());
    return exit_code_of(error.code());
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) != 0) return ExitCode::ok;  // main tells
    const bool no_thread = error.code() == std::errc::resource_unavailable_try_again;
    fmt::print(stderr, "neve: {}{}{}\n", error.what(), no_thread ? "; " : "", no_thread ? kMoreProcesses : "");
    return ExitCode::io;
  } catch (const std::exception& error) {
    fmt::print(stderr, "neve: internal error: {}\n", error.what());
    return ExitCode::internal;
  }
}

}  // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGCHLD, SIG_DFL);  // ignored by whoever started this, it would hide how a stage's command ended
  prepare_standard_streams();
  ExitCode code = ExitCode::internal;
  try {
    code = run_and_report(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception&) {  // standard error could not take a word
    code = ExitCode::io;
  }
  return static_cast<int>(finish_output(code));
}
