#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "service/http/connection.hpp"

namespace neve::service {

/// The connections there are, by their ids. Thread-safe.
class ConnectionTable {
 public:
  ConnectionTable(std::size_t most, std::uint64_t first_id) : most_(most), next_id_(first_id) {}

  /// An id that no connection had.
  [[nodiscard]] std::uint64_t new_id() noexcept { return next_id_++; }

  /// False, and it is not added, if there are as many as there may be.
  [[nodiscard]] bool add(const std::shared_ptr<Connection>& connection);
  void remove(const Connection& connection);

  /// Null if it has been removed.
  [[nodiscard]] std::shared_ptr<Connection> find(std::uint64_t id);
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all();
  [[nodiscard]] std::size_t size();

  /// Waits until there are none, at most for `limit`; whether there are none.
  [[nodiscard]] bool wait_until_empty(std::chrono::steady_clock::duration limit);

 private:
  const std::size_t most_;
  std::atomic<std::uint64_t> next_id_;
  std::mutex mutex_;
  std::condition_variable removed_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
};

}  // namespace neve::service
