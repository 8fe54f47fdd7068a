#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <neve/base/clock.hpp>
#include <neve/cache/observed.hpp>
#include <neve/dataset/analysis/analysis_ttl.hpp>
#include <neve/dataset/dataset_store.hpp>
#include <neve/service/http_server.hpp>

namespace neve::service {

/// What a service allows. A plain value.
struct ServiceOptions {
  std::uint64_t max_upload_bytes = std::uint64_t{2} << 30;  ///< of one file
  std::uint64_t max_unpacked_bytes = std::uint64_t{16} << 30;
  std::filesystem::path key_file;  ///< of API keys; one must be presented when it holds any. Empty: none is asked for
  std::chrono::seconds signed_for{900};  ///< how long addresses of artifacts need no key, at least; at most twice that
  double rate_per_s = 0;                 ///< requests of one caller; 0: no limit
  double burst = 20;
  std::size_t work_running = 2;  ///< additions and analyses computed at once
  std::size_t work_waiting = 16;
  unsigned work_threads = 0;                              ///< of one of them; 0: as many as the machine has
  dataset::AnalysisTtlOptions analysis_ttl;               ///< of answers in the cache
  std::uint64_t artifact_bytes = std::uint64_t{1} << 30;  ///< what the artifacts of one dataset may take
  std::uint64_t work_memory_bytes = std::uint64_t{1} << 30;
  std::filesystem::path spill_folder;              ///< for analyses that do not fit into it; empty: they fail
  std::function<void(std::string_view line)> log;  ///< takes lines of JSON, from any thread; may be empty
};

/// Datasets and their analyses as requests and responses, without a socket: see docs/guide/service.md.
///
/// Whatever goes wrong becomes a problem document. Thread-safe.
class Service final : public Handler {
 public:
  /// `store` and `clock` outlive the service. Throws what reading the key file throws.
  Service(const dataset::DatasetStore& store, const std::shared_ptr<Observed>& cache, const ServiceOptions& options,
          const Clock& clock = Clock::system());
  ~Service() override;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] Response handle(const Request& request) noexcept override;
  [[nodiscard]] Response refuse(int status, const std::string& detail,
                                const std::string& remote_address) noexcept override;
  void finished(const Request* request, const Response& response, const Exchange& exchange) noexcept override;

  /// A line of the log about the service itself. `level` is `info`, `warning` or `error`.
  void log_event(std::string_view level, std::string_view event, std::string_view detail) noexcept;

  /// From now on /readyz answers 503, so that nobody sends new clients here.
  void drain() noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace neve::service
