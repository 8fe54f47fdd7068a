
#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

#include "service/exchange/access_log.hpp"
#include "service/exchange/problem.hpp"
#include "service/handlers/context.hpp"
#include "service/http/header_value.hpp"
#include "service/upload/add_form.hpp"
#include "service/upload/upload.hpp"
#include "service/upload/upload_problem.hpp"

namespace neve::service {
namespace {

constexpr std::size_t kMostListed = 1000;
constexpr std::size_t kUsuallyListed = 100;
constexpr std::size_t kContentDigits = 16;  // of a SHA-256: 64 bits

std::size_t read_limit(const std::string* text) {
  if (text == nullptr) return kUsuallyListed;
  const auto limit = parse_digits(*text);
  if (!limit || *limit < 1 || *limit > kMostListed) {
    throw ProblemError(Problem{
        ProblemKind::invalid_parameter, "'limit' is a number from 1 to 1000", Json{{"parameter", "limit"}}, {}});
  }
  return static_cast<std::size_t>(*limit);
}

void check_after(const std::string& text) {
  try {
    dataset::check_dataset_id(text);
  } catch (const Error& error) {
    throw ProblemError(Problem{ProblemKind::invalid_parameter, error.what(), Json{{"parameter", "after"}}, {}});
  }
}

Json described(const dataset::DatasetRecord& record) {
  const std::string self = "/api/v1/datasets/" + record.id;
  Json json = record.to_json();
  json["links"] = {{"self", self},
                   {"schema", self + "/schema"},
                   {"lineage", self + "/lineage"},
                   {"concentration", self + "/analyses/concentration"}};
  return json;
}

/// What `read` finds of the dataset `id`; where there is none, the problem is that.
template <class Read>
auto of_dataset(const Call& call, const std::string& id, const Read& read) {
  call.note.dataset = id;
  try {
    return read(call.context.store);
  } catch (const Error& error) {  // or what can be no id
    if (error.code() != ErrorCode::invalid_argument) throw;
    throw unknown_dataset(call, id, error);
  }
}

}  // namespace

ProblemError unknown_dataset(const Call& call, const std::string& id, const Error& error) {
  call.context.store_watch.require();
  return ProblemError(Problem{ProblemKind::unknown_dataset, error.what(), Json{{"dataset", id}}, {}});
}

Response json_response(int status, const Json& value) {
  Response response;
  response.status = status;
  response.with("Content-Type", "application/json").with("Cache-Control", "no-store");
  response.body = Bytes::from(value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  return response;
}

QueryParameters known_parameters(const Request& request, std::initializer_list<std::string_view> known) {
  auto query = QueryParameters::parse(request.query);
  for (const auto& [name, value] : query.all()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    throw ProblemError(Problem{ProblemKind::invalid_parameter,
                               "'" + name + "' is no parameter here" + (names.empty() ? "" : suggestion(name, names)),
                               Json{{"parameter", name}},
                               {}});
  }
  return query;
}

dataset::DatasetRecord find_dataset(const Call& call, const std::string& id) {
  return of_dataset(call, id, [&](const dataset::DatasetStore& store) { return store.find(id); });
}

Response list_datasets(const Call& call) {
  call.context.store_watch.require();
  const auto query = known_parameters(call.request, {"limit", "after"});
  const std::size_t limit = read_limit(query.find("limit"));
  const std::string* after = query.find("after");
  if (after != nullptr) check_after(*after);
  const auto tell = [&](const std::string& fault) {
    if (call.context.options.log)
      call.context.options.log(log_line(call.context.clock.now(), "warning", "datasets", fault));
  };
  std::vector<dataset::DatasetRecord> records =
      call.context.store.list_page(after == nullptr ? std::string_view() : *after, limit + 1, tell);
  const bool more = records.size() > limit;
  if (more) records.pop_back();
  Json list = Json::array();
  for (const auto& record : records) list.push_back(described(record));
  Json document{{"datasets", std::move(list)}};
  if (more) document["next"] = "/api/v1/datasets?limit=" + std::to_string(limit) + "&after=" + records.back().id;
  return json_response(200, document);
}

Response add_dataset(const Call& call) {
  call.context.store_watch.require();
  check_add_query(QueryParameters::parse(call.request.query));  // or a file of gigabytes comes for nothing
  const Stopwatch receiving;
  const Upload upload =
      receive_upload(call.request, call.context.store.root() / "uploads", call.context.options.max_upload_bytes);
  call.context.metrics.uploaded(upload.file.size());
  call.note.timings.push_back({"receive", receiving.seconds()});
  dataset::AddOptions options = add_options_from(upload.fields, upload.filename);
  // Bodies without a name would all become one dataset, each in the place of the last: their content is their name.
  if (options.id == kNamelessUpload && upload.fields.count("id") == 0) {
    options.id += '-' + upload.file.sha256().substr(0, kContentDigits);
  }
  call.note.dataset = options.id;
  options.max_source_bytes = call.context.options.max_upload_bytes;
  options.max_unpacked_bytes = call.context.options.max_unpacked_bytes;
  options.memory_bytes = call.context.options.work_memory_bytes;
  options.stop = call.request.client->presence();
  const Stopwatch waiting;
  const auto place = call.context.work.enter(options.stop);
  call.note.timings.push_back({"queue", waiting.seconds()});
  const Stopwatch adding;
  dataset::AddResult added;
  try {
    added = call.context.store.add(upload.file.path(), options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;  // by the client, or by the service, which ends
    throw ProblemError(upload_problem(error, upload));
  }
  call.note.timings.push_back({"normalize", adding.seconds()});
  call.context.analyses.dataset_changed(added.record, added.schema);
  Json document{{"dataset", described(added.record)},
                {"changed", added.changed},
                {"replaced", added.replaced},
                {"schema", added.schema.to_json()}};
  Response response = json_response(added.changed && !added.replaced ? 201 : 200, document);
  response.with("Location", "/api/v1/datasets/" + added.record.id);
  return response;
}

Response show_dataset(const Call& call) {
  (void)known_parameters(call.request, {});
  return json_response(200, described(find_dataset(call, call.destination.captures.at(0))));
}

Response remove_dataset(const Call& call) {
  (void)known_parameters(call.request, {});
  const auto record = find_dataset(call, call.destination.captures.at(0));
  try {
    call.context.store.remove(record.id);
  } catch (const Error& error) {  // somebody else was faster
    if (error.code() != ErrorCode::invalid_argument) throw;
    throw unknown_dataset(call, record.id, error);
  }
  call.context.analyses.dataset_removed(record.id);
  Response response;
  response.status = 204;
  return response;
}

Response show_schema(const Call& call) {
  (void)known_parameters(call.request, {});
  const std::string& id = call.destination.captures.at(0);
  return json_response(200, of_dataset(call, id, [&](const dataset::DatasetStore& store) {
                         return store.current_schema(id).to_json();
                       }));
}

Response show_lineage(const Call& call) {
  (void)known_parameters(call.request, {});
  const std::string& id = call.destination.captures.at(0);
  return json_response(
      200, of_dataset(call, id, [&](const dataset::DatasetStore& store) { return store.current_lineage(id); }));
}

}  // namespace neve::service
