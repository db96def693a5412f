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

// The settings of a node, wherever they were given.

struct node_settings {
  std::optional<std::string> name;           ///< empty: the host's name
  std::optional<std::filesystem::path> key;  ///< empty: in the state folder
  bool ephemeral = false;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds survive = std::chrono::seconds(60);
  forward::keep_alive keep_alive;
  std::optional<int> ready_fd;
  std::optional<std::filesystem::path> control;  ///< empty: PID.sock in the folder of control sockets
  gof::log::options log;
};

/// The node to dial first: one --join.
using join_source = std::variant<wire::join_ticket, wire::address, ticket_file, standard_input>;

/// The mesh of the node.
struct mesh_settings {
  std::vector<join_source> join;
  std::optional<std::filesystem::path> network_key;  ///< empty: of a join ticket, or kept beside the key
};

/// Where other nodes can reach it.
struct address_settings {
  std::vector<wire::address> listen;  ///< empty: the command's default
  bool no_listen = false;
  std::vector<wire::address> advertise;
};

/// The settings of every command that runs a node.
struct settings {
  node_settings node;
  mesh_settings mesh;
  address_settings address;
};

}  // namespace gof::daemon
