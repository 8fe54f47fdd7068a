#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments/analyze_arguments.hpp"
#include "cli/arguments/dataset_arguments.hpp"
#include "cli/arguments/serve_arguments.hpp"

namespace neve::cli {

/// What every subcommand that looks into a cache takes.
struct CacheArguments {
  std::string cache;  ///< URL; empty: NEVE_CACHE, then disk:.neve
  bool json = false;
};

/// What every subcommand that works with a pipeline file takes.
struct PipelineArguments : CacheArguments {
  std::string file;
  std::vector<std::string> settings;
};

struct RunArguments : PipelineArguments {
  std::vector<std::string> sweeps;
  std::string points;  ///< a file; empty: none
  std::string until;
  std::vector<std::string> recompute;  ///< stages
  unsigned jobs = 0;
  unsigned gpus = 0;
  std::string memory;
  std::string record;
  std::string report;
  std::string table;   ///< a file; empty: none
  std::string flight;  ///< off, local, shared; empty: what the URL says
  bool dry_run = false;
  bool fail_fast = false;
  bool quiet = false;
};

struct ListArguments : CacheArguments {
  std::string prefix;
  std::string stage;  ///< empty: all
  std::string sort = "used";
  std::uint64_t limit = 0;
  bool keys = false;
};

struct ShowArguments : CacheArguments {
  std::string key;
};

struct DiffArguments : CacheArguments {
  std::string key;
  std::string other_key;    ///< empty: the same
  std::string other_cache;  ///< URL; empty: the same
};

struct WhyArguments : PipelineArguments {
  std::string stage;  ///< empty: all
};

struct StatsArguments : CacheArguments {};

struct VerifyArguments : CacheArguments {
  std::vector<std::string> keys;
};

struct CollectArguments : CacheArguments {
  std::string budget;
  std::optional<std::uint64_t> files;
  bool dry_run = false;
};

/// What every subcommand takes that does something with chosen entries: some keys, a stage, or all.
struct EntriesArguments : CacheArguments {
  std::vector<std::string> keys;
  std::string stage;  ///< empty: none
  bool all = false;
};

struct CopyArguments : EntriesArguments {
  std::string to;  ///< URL
};

struct RemoveArguments : EntriesArguments {};

struct DoctorArguments : CacheArguments {};

struct StagesArguments {
  std::string name;
  bool names = false;
  bool json = false;
};

struct WisdomArguments {
  std::string file;
  std::vector<std::size_t> points;
  bool json = false;
};

struct CompletionsArguments {
  std::string shell;
};

/// Nothing to do but print: help, the version, or what is wrong with the arguments.
struct PrintText {
  std::string text;
  bool mistake = false;
};

using Arguments =
    std::variant<PrintText, RunArguments, ListArguments, ShowArguments, DiffArguments, WhyArguments, StatsArguments,
                 VerifyArguments, CopyArguments, CollectArguments, RemoveArguments, DoctorArguments, StagesArguments,
                 WisdomArguments, CompletionsArguments, ServeArguments, DatasetArguments, AnalyzeArguments>;

}  // namespace neve::cli
