#pragma once

#include "cli/arguments/arguments.hpp"
#include "cli/program/exit_code.hpp"
#include "cli/program/surroundings.hpp"

namespace neve::cli {

/// One function per subcommand: prints its answer on standard output and says how the program ends. They throw `Error`
/// for what `main` prints and maps to an exit code.
ExitCode run_command(const RunArguments& arguments, const Surroundings& surroundings);
ExitCode list_command(const ListArguments& arguments, const Surroundings& surroundings);
ExitCode show_command(const ShowArguments& arguments, const Surroundings& surroundings);
ExitCode diff_command(const DiffArguments& arguments, const Surroundings& surroundings);
ExitCode why_command(const WhyArguments& arguments, const Surroundings& surroundings);
ExitCode stats_command(const StatsArguments& arguments, const Surroundings& surroundings);
ExitCode verify_command(const VerifyArguments& arguments, const Surroundings& surroundings);
ExitCode copy_command(const CopyArguments& arguments, const Surroundings& surroundings);
ExitCode collect_command(const CollectArguments& arguments, const Surroundings& surroundings);
ExitCode remove_command(const RemoveArguments& arguments, const Surroundings& surroundings);
ExitCode doctor_command(const DoctorArguments& arguments, const Surroundings& surroundings);
ExitCode stages_command(const StagesArguments& arguments, const Surroundings& surroundings);
ExitCode wisdom_command(const WisdomArguments& arguments);
ExitCode serve_command(const ServeArguments& arguments, const Surroundings& surroundings);
ExitCode analyze_command(const AnalyzeArguments& arguments, const Surroundings& surroundings);
ExitCode dataset_command(const DatasetArguments& arguments, const Surroundings& surroundings);
ExitCode completions_command(const CompletionsArguments& arguments);

}  // namespace neve::cli
