#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/scratch_folder.hpp>
#include <neve/base/text_table.hpp>
#include <neve/base/url.hpp>
#include <neve/dataset/analysis/analysis.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/dataset_options.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/program/output_file.hpp"
#include "cli/text/analysis_text.hpp"

namespace neve::cli {

namespace {

using dataset::Analyses;
using dataset::AnalysisAnswer;
using dataset::AnalysisCache;
using dataset::AnalysisDocument;

void complain(const std::string& line) { fmt::print(stderr, "neve: {}\n", line); }

/// Null where no cache is named: the store's own artifacts answer what was asked before.
std::shared_ptr<AnalysisCache> open_analysis_cache(const AnalyzeArguments& arguments,
                                                   const Surroundings& surroundings) {
  const std::string url = surroundings.cache_url(arguments.cache, "");
  std::shared_ptr<CacheBackend> backend = url.empty() ? nullptr : open_chosen_cache(url, Purpose::change);
  if (!backend) return nullptr;
  dataset::AnalysisCacheOptions options;
  options.ttl =
      dataset::AnalysisTtlOptions::at_most(std::chrono::floor<std::chrono::seconds>(parse_duration(arguments.ttl)));
  options.secret = dataset::store_secret(arguments.store);
  options.log = complain;
  return std::make_shared<AnalysisCache>(std::move(backend), std::move(options));
}

dataset::ConcentrationParams params_of(const AnalyzeArguments& arguments) {
  return {arguments.group_by, arguments.value, dataset::parse_grain(arguments.grain),
          dataset::parse_thresholds(arguments.thresholds), arguments.filter};
}

/// What a file called `orders.csv` is expected to hold, unless the format is named.
std::string format_of(const AnalyzeArguments& arguments) {
  if (arguments.json) return "json";
  if (!arguments.format.empty()) return arguments.format;
  const std::string ending = lower_case(std::filesystem::path(arguments.out).extension().string());
  for (const char* format : {"json", "csv", "xlsx"}) {
    if (ending == std::string(".") + format) return format;
  }
  return "text";
}

std::string origin_text(const AnalysisAnswer& answer) {
  switch (answer.source) {
    case dataset::AnswerSource::cache:
      return "from the cache (" + answer.tier + ")";
    case dataset::AnswerSource::artifact:
      return "found in the store";
    case dataset::AnswerSource::computed:
      break;
  }
  return "computed";
}

std::string text_of(const AnalysisAnswer& answer, const Surroundings& surroundings, bool to_file) {
  const AnalysisDocument document = dataset::read_analysis_document(answer.document.text());
  return fmt::format("{}: {} by {}{}; generation {}, {} in {}\n\n{}", answer.dataset_id, printable(answer.params.value),
                     printable(answer.params.group_by),
                     answer.params.filter.empty() ? "" : " where " + printable(answer.params.filter), answer.generation,
                     origin_text(answer), seconds_text(answer.total_s),
                     analysis_text(document, surroundings.terminal.style, to_file ? 0 : output_width()));
}

/// The artifact's bytes: read from the store, or made anew where the store could not take it.
Bytes artifact(const Analyses& analyses, const AnalysisAnswer& answer, const std::string& format,
               const Surroundings& surroundings) {
  if (format == "json") return answer.document;
  for (const dataset::ArtifactFile& file : answer.files) {
    if (file.format != format) continue;
    if (auto bytes = read_file(analyses.locate(file)); bytes && sha256_hex(bytes->span()) == file.sha256) return *bytes;
  }
  const AnalysisDocument document = dataset::read_analysis_document(answer.document.text());
  if (format == "csv") return Bytes::from(to_csv_text(document));
  const ScratchFolder scratch(surroundings.temporary_folder, "workbook");
  const std::filesystem::path path = scratch.path() / "analysis.xlsx";
  write_xlsx(document, path);
  return read_file(path).value();
}

void deliver(const Bytes& bytes, const std::string& out) {
  if (out.empty()) {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    return;
  }
  write_output_file(out, bytes.span());
}

}  // namespace

ExitCode analyze_command(const AnalyzeArguments& arguments, const Surroundings& surroundings) {
  const std::string format = format_of(arguments);
  if (format == "xlsx" && arguments.out.empty() && ::isatty(STDOUT_FILENO) == 1) {
    throw Error(ErrorCode::invalid_argument, "a workbook is not for a terminal; name a file with --out");
  }
  const dataset::ConcentrationParams params = params_of(arguments);
  const Interrupt interrupt;  // before any other thread, so that all of them leave the signals to it
  const dataset::DatasetStore store(arguments.store);
  static_cast<void>(store.find(arguments.id));  // before anything is made in a folder that may be no store
  dataset::AnalysesOptions options;
  options.limits.threads = arguments.threads;
  options.limits.memory_bytes = work_memory(arguments.memory);
  options.limits.spill_folder = surroundings.temporary_folder;
  options.artifact_bytes = parse_byte_size(arguments.artifacts);
  options.log = complain;
  Analyses analyses(store, open_analysis_cache(arguments, surroundings), options);
  const AnalysisAnswer answer = analyses.concentration(
      arguments.id, params, [&interrupt] { return interrupt.token(); },
      arguments.again ? dataset::Lookup::bypass : dataset::Lookup::normal);
  if (format == "text") {
    deliver(Bytes::from(text_of(answer, surroundings, !arguments.out.empty())), arguments.out);
  } else {
    deliver(artifact(analyses, answer, format, surroundings), arguments.out);
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
