#pragma once

#include "peer_process.hpp"

#include <filesystem>
#include <string>

namespace neve::bench {

/// Reading one entry of `size` and `kind`: neve's disk cache, the peers and the machine's limit. Returns how many
/// claims fell short, as all of these do.
int run_get(const std::filesystem::path& folder, PeerProcess& peers, const std::string& size, const std::string& kind,
            int rounds);

/// Storing one entry under a new key.
int run_put(const std::filesystem::path& folder, PeerProcess& peers, const std::string& size, const std::string& kind,
            int rounds);

/// The digest of a 64 MB state against bare SHA-256 of the same bytes.
int run_digest(int rounds);

/// A warm graph of many small nodes against the lookups it consists of.
int run_warm_graph(const std::filesystem::path& folder, int rounds);

/// The supercontinuum example, computed and then found.
int run_example(const std::filesystem::path& folder, const std::filesystem::path& neve_command,
                const std::filesystem::path& pipeline_file);

/// Redis: entries of each size against redis-py with NumPy and against bare sockets, many small ones at once, the
/// memory tier in front, and a server that is away. Starts a server of its own.
int run_redis(const std::filesystem::path& folder, const std::filesystem::path& peers_script, bool quick);

}  // namespace neve::bench
