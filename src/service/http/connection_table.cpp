#include "service/http/connection_table.hpp"

namespace neve::service {

bool ConnectionTable::add(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  if (connections_.size() >= most_) return false;
  connections_.emplace(connection->id(), connection);
  return true;
}

void ConnectionTable::remove(const Connection& connection) {
  {
    const std::lock_guard lock(mutex_);
    connections_.erase(connection.id());
  }
  removed_.notify_all();
}

std::shared_ptr<Connection> ConnectionTable::find(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto position = connections_.find(id);
  return position == connections_.end() ? nullptr : position->second;
}

std::vector<std::shared_ptr<Connection>> ConnectionTable::all() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(connections_.size());
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  return all;
}

std::size_t ConnectionTable::size() {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

bool ConnectionTable::wait_until_empty(std::chrono::steady_clock::duration limit) {
  std::unique_lock lock(mutex_);
  return removed_.wait_for(lock, limit, [this] { return connections_.empty(); });
}

}  // namespace neve::service
