#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>
#include <gtest/gtest.h>

#include <neve/base/file.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/codec/json.hpp>
#include <neve/dataset/dataset_store.hpp>
#include <neve/service/service.hpp>

#include "service/client_double.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {

/// What a handler answered, read.
struct Answer {
  int status = 0;
  std::vector<Header> headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const {
    for (const Header& header : headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }
  [[nodiscard]] Json json() const { return parse_json(body); }
  /// "unknown-column" of a problem document.
  [[nodiscard]] std::string problem() const {
    const std::string type = json().value("type", "");
    return type.substr(type.rfind(':') + 1);
  }
};

inline std::string bytes_of(const Body& body) {
  if (const auto* bytes = std::get_if<Bytes>(&body)) return std::string(bytes->text());
  const auto& file = std::get<FileBody>(body);
  std::string text(file.length, '\0');
  EXPECT_TRUE(read_exactly_at(file.file->get(), file.offset, std::as_writable_bytes(std::span(text)), "artifact"));
  return text;
}

/// A service on a store and a cache of its own, asked without a socket.
class ServiceFixture : public testing::Test {
 protected:
  void open(ServiceOptions options = {}, const std::string& cache = "memory:64MiB") {
    service_.reset();
    options.log = [this](std::string_view line) { log_ += line; };
    OpenOptions cache_options;
    cache_options.clock = &clock_;
    service_ = std::make_unique<Service>(store_, open_cache(cache, cache_options), options, clock_);
  }

  Answer ask(TextClient& client, const std::string& method, const std::string& target,
             std::vector<Header> headers = {}) {
    if (!service_) open();
    const Request request = request_of(client, method, target, std::move(headers));
    Response response = service_->handle(request);
    Answer answer{response.status, response.headers, bytes_of(response.body)};
    service_->finished(&request, response, {});
    return answer;
  }
  Answer get(const std::string& target, std::vector<Header> headers = {}) {
    TextClient client;
    return ask(client, "GET", target, std::move(headers));
  }
  Answer post(const std::string& target, const std::string& body, std::vector<Header> headers = {}) {
    TextClient client(body);
    return ask(client, "POST", target, std::move(headers));
  }
  Answer remove(const std::string& target) {
    TextClient client;
    return ask(client, "DELETE", target);
  }

  Answer add(const std::string& content, const std::string& filename = "orders.csv", const std::string& more = "") {
    return post("/api/v1/datasets?filename=" + filename + more, content);
  }
  Answer analyse(const Json& question, const std::string& id = "orders", std::vector<Header> headers = {}) {
    return post("/api/v1/datasets/" + id + "/analyses/concentration", question.dump(), std::move(headers));
  }

  const TemporaryFolder folder_;
  ManualClock clock_{TimePoint(std::chrono::seconds(1'700'000'000))};
  dataset::DatasetStore store_{folder_.path() / "store", clock_};
  std::unique_ptr<Service> service_;
  std::string log_;
};

/// What may be in a store without datasets: its secret and its locks.
inline bool is_bookkeeping(const std::filesystem::directory_entry& entry) {
  return entry.is_directory() || entry.path().filename() == ".secret" || entry.path().filename() == ".lock";
}

inline const std::string kOrders =
    "customer,month,revenue\nAda,2024-01,60\nBob,2024-01,30\nCy,2024-01,10\nAda,2024-02,5\nBob,2024-02,80\n";
inline const Json kQuestion{{"group_by", "customer"}, {"value", "revenue"}};

}  // namespace neve::service
