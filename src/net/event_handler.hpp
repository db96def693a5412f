#pragma once

#include "net/node_service.hpp"

namespace gof::detail {

/// What the shell does on each event of the core, for sockets, for pending operations or for the program.
struct node_service::event_handler {
  node_service& at;
  instant now;

  void operator()(const core::dial_wanted& e);
  void operator()(const core::close_wanted& e);
  void operator()(const core::link_up& e);
  void operator()(const core::link_down& e);
  void operator()(const core::stranger& e);
  void operator()(const core::session_up& e);
  void operator()(const core::path_lost& e);
  void operator()(const core::path_resumed& e);
  void operator()(const core::pong& e) { at.queries_.handle_pong(e); }
  void operator()(const core::path_changed& e);
  void operator()(const core::session_over& e);
  void operator()(const core::unreachable& e);
  void operator()(core::stream_incoming& e);
  void operator()(const core::stream_accepted& e);
  void operator()(const core::stream_refused& e);
  void operator()(const core::stream_probed& e);
  void operator()(const core::stream_readable& e);
  void operator()(const core::stream_writable& e);
  void operator()(const core::stream_confirmed& e);
  void operator()(const core::stream_ending& e);
  void operator()(const core::stream_reset& e);
  void operator()(const core::stream_done& e);
};

}  // namespace gof::detail
