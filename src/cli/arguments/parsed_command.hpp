#pragma once

#include "cli/arguments/options.hpp"
#include "config/ini.hpp"
#include "daemon/plan.hpp"
#include "daemon/settings.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gof::cli {

// What each command must do, once its words are parsed.

struct serve_command : daemon::settings {
  std::vector<forward::service> services;
  daemon::allowances allow;
};

struct relay_command : daemon::settings {};

/// Without --join: a guest.
struct forward_command : daemon::settings {
  daemon::peer_argument peer;        ///< never a join ticket
  std::vector<forward::spec> specs;  ///< empty: every service of the ticket
};

/// What a running `gof run` uses when its file is read again.
struct followed_file {
  std::filesystem::path path;
  std::vector<config::entry> node;  ///< [node] as it was at the start
  daemon::allowances allow;         ///< from the command line; the file adds to it
};

struct run_command : daemon::settings {
  daemon::plan what;
  std::optional<followed_file> file;  ///< empty: there is no file to read again
  bool check_only = false;
};

struct id_command {
  std::optional<std::filesystem::path> key;
  bool json = false;
};

struct ticket_command {
  struct show {
    std::optional<std::string> name;
  };
  struct replace {
    std::optional<std::string> name;
  };
  struct explain {
    daemon::ticket_source ticket;
  };

  std::variant<show, replace, explain> action;
  std::optional<std::filesystem::path> key;
  bool json = false;
};

/// The peer that a query is about: a ticket's issuer, or a name or id that the running node knows.
using peer_source = std::variant<daemon::ticket_source, std::string>;

/// Which running node to ask.
struct query_options {
  std::optional<std::filesystem::path> control;  ///< empty: there must be only one
  bool json = false;
};

struct status_command {
  query_options query;
  bool watch = false;
  bool check = false;
};

struct peers_command {
  query_options query;
};

struct ping_command {
  query_options query;
  peer_source peer;
  std::optional<unsigned> count;  ///< empty: until a signal
  std::chrono::milliseconds patience = std::chrono::seconds(10);
  bool until_direct = false;
};

struct trace_command {
  query_options query;
  peer_source peer;
  std::chrono::milliseconds patience = std::chrono::seconds(10);
};

/// Without --join: a guest.
struct connect_command : daemon::settings {
  daemon::peer_argument peer;          ///< never a join ticket
  std::optional<std::string> service;  ///< empty: the ticket's only service
};

struct demo_command {
  std::uint64_t bytes = 64 << 20;
  bool json = false;
  log::options::color colors = log::options::color::automatic;
};

struct completion_command {
  std::string shell;
};

struct help_command {
  std::optional<verb> about;  ///< empty: the program
  bool full = false;
};
struct version_command {};

/// `gof __complete WORDS...`, which shells call when TAB is pressed.
struct complete_command {
  std::vector<std::string> words;  ///< after gof; the last, maybe empty, is at the cursor
};

using parsed_command =
    std::variant<serve_command, forward_command, relay_command, run_command, connect_command, status_command,
                 peers_command, ping_command, trace_command, id_command, ticket_command, demo_command,
                 completion_command, help_command, version_command, complete_command>;

}  // namespace gof::cli
