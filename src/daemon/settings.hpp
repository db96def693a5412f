#pragma once

#include "daemon/ticket_source.hpp"
#include "forward/keep_alive.hpp"
#include "log/options.hpp"
#include "wire/address.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gof::daemon {

// What a node is started with, wherever it was written.

struct node_settings {
  std::optional<std::string> name;           ///< empty: the host's
  std::optional<std::filesystem::path> key;  ///< empty: the state folder's
  bool ephemeral = false;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds survive = std::chrono::seconds(60);
  forward::keep_alive keep_alive;
  std::optional<int> ready_fd;
  std::optional<std::filesystem::path> control;  ///< empty: PID.sock where such sockets are
  gof::log::options log;
};

/// Whom to dial first: one --join.
using join_source = std::variant<wire::join_ticket, wire::address, ticket_file, standard_input>;

/// Of which mesh the node is.
struct mesh_settings {
  std::vector<join_source> join;
  std::optional<std::filesystem::path> network_key;  ///< empty: a join ticket's, or the one beside the key
};

/// Where others reach it.
struct address_settings {
  std::vector<wire::address> listen;  ///< empty: the command's own
  bool no_listen = false;
  std::vector<wire::address> advertise;
};

/// What every command that runs a node is started with.
struct settings {
  node_settings node;
  mesh_settings mesh;
  address_settings address;
};

}  // namespace gof::daemon
