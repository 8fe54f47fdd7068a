#include <algorithm>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/dataset/analysis/analysis_document.hpp>

#include "service/handlers/concentration_form.hpp"
#include "service/handlers/context.hpp"
#include "service/http/header_value.hpp"
#include "service/upload/client_body.hpp"

namespace neve::service {
namespace {

constexpr std::size_t kMaxQuestionBytes = std::size_t{64} << 10;

std::string read_question(const Request& request) {
  if (const std::string* type = request.header("content-type");
      type != nullptr && lower_case(type->substr(0, type->find_first_of("; \t"))) != "application/json") {
    throw ProblemError(ProblemKind::unsupported_media_type, "the question is application/json");
  }
  if (const std::string* coding = request.header("content-encoding"); coding != nullptr && *coding != "identity") {
    throw ProblemError(ProblemKind::unsupported_media_type, "the question is sent without a Content-Encoding");
  }
  std::string body(
      static_cast<std::size_t>(std::min<std::uint64_t>(request.content_length.value_or(4096), kMaxQuestionBytes)) + 1,
      '\0');
  std::size_t size = 0;
  for (;;) {
    const std::size_t count = read_client_body(*request.client, std::as_writable_bytes(std::span(body)).subspan(size));
    size += count;
    if (count == 0) break;
    if (size > kMaxQuestionBytes) {
      throw ProblemError(ProblemKind::too_large,
                         "the question is longer than " + std::to_string(kMaxQuestionBytes) + " bytes");
    }
    if (size == body.size()) body.resize(std::min(2 * size, kMaxQuestionBytes + 1));
  }
  body.resize(size);
  return body;
}

/// Asked only of a question that could not be answered, so that those which can are looked up once.
Problem problem_with(const Call& call, const std::string& id, const dataset::ConcentrationParams& params,
                     const Error& error) {
  const auto record = find_dataset(call, id);
  return concentration_problem(params, *call.context.analyses.schema(record), error);
}

/// A moment at which addresses may expire: the end of a stretch of `signed_for`, so that answers within a stretch are
/// equal byte for byte.
TimePoint expiry(const Context& context) {
  const auto stretch = std::chrono::duration_cast<std::chrono::milliseconds>(context.options.signed_for);
  const auto now = context.clock.now().time_since_epoch();
  return TimePoint((now / stretch + 2) * stretch);
}

void append_links(std::string& body, const Call& call, const dataset::AnalysisAnswer& answer) {
  const bool sign = needs_key(call.context) && call.context.options.signed_for.count() > 0;
  const std::string folder = "/api/v1/artifacts/" + answer.dataset_id + "/" + answer.params_hash + "-g" +
                             std::to_string(answer.generation) + "/";
  bool first = true;
  for (const dataset::ArtifactFile& file : answer.files) {
    const std::string path = folder + file.path.substr(file.path.rfind('/') + 1);
    body.append(first ? "\n    \"" : ",\n    \"").append(file.format).append("\": \"");
    body.append(sign ? call.context.signer.sign(path, expiry(call.context)) : path).append("\"");
    first = false;
  }
}

/// The answer around the document, whose bytes are as they were stored.
Bytes body_of(const Call& call, const dataset::AnalysisAnswer& answer) {
  std::string body;
  body.reserve(answer.document.size() + 1024);
  body.append("{\n  \"artifacts\": {");
  append_links(body, call, answer);
  body.append("\n  },\n  \"generation\": ").append(std::to_string(answer.generation));
  body.append(",\n  \"analysis\": ").append(answer.document.text());
  while (body.ends_with('\n')) body.pop_back();
  body.append("\n}\n");
  return Bytes::from(std::move(body));
}

/// An answer in which nothing is defined is none. One defined period is worth an answer, whatever the total.
void check_total(const dataset::AnalysisAnswer& answer) {
  if (answer.document.text().find("non_positive_total") == std::string_view::npos) return;
  const auto document = dataset::read_analysis_document(answer.document.text());
  const auto& total = document.result.total;
  if (total.measures || total.reason != "non_positive_total") return;
  const auto& periods = document.result.by_period;
  if (std::any_of(periods.begin(), periods.end(), [](const auto& period) { return period.measures.has_value(); })) {
    return;
  }
  if (total.entities == 0 && !document.params.filter.empty()) {
    throw ProblemError(Problem{ProblemKind::non_positive_total,
                               "no row with a value passes the filter '" + document.params.filter + "'",
                               Json{{"total", "0"}, {"entities", 0}, {"parameter", "filter"}},
                               {}});
  }
  throw ProblemError(Problem{ProblemKind::non_positive_total,
                             "the values of '" + document.params.value + "' add up to " + total.total.text() +
                                 ", of which no shares can be taken",
                             Json{{"total", total.total.text()}, {"entities", total.entities}},
                             {}});
}

void note_source(ExchangeNote& note, const dataset::AnalysisAnswer& answer, dataset::Lookup lookup) {
  const bool hit = answer.source == dataset::AnswerSource::cache;
  note.cache = lookup == dataset::Lookup::bypass ? CacheOutcome::bypass : hit ? CacheOutcome::hit : CacheOutcome::miss;
  note.tier = hit ? answer.tier : std::string(to_string(answer.source));
  note.timings.push_back({"cache", answer.lookup_s});
  note.timings.push_back({"compute", answer.compute_s});
  note.timings.push_back({"total", answer.total_s});
}

}  // namespace

Response analyse_concentration(const Call& call) {
  (void)known_parameters(call.request, {});
  const std::string& id = call.destination.captures.at(0);
  call.note.dataset = id;
  const auto params = concentration_params_from(read_question(call.request));
  const auto cache_control = call.request.list_header("cache-control");
  const auto lookup = cache_control && wants_fresh(*cache_control) ? dataset::Lookup::bypass : dataset::Lookup::normal;
  dataset::AnalysisAnswer answer;
  try {
    answer = call.context.analyses.concentration(
        id, params, [&call] { return call.request.client->presence(); }, lookup);
  } catch (const dataset::UnknownDataset& error) {
    throw unknown_dataset(call, id, error);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) throw;
    throw ProblemError(problem_with(call, id, params, error));
  }
  note_source(call.note, answer, lookup);
  check_total(answer);
  Response response;
  response.with("Content-Type", "application/json").with("Cache-Control", "private, no-cache");
  response.body = body_of(call, answer);
  return response;
}

}  // namespace neve::service
