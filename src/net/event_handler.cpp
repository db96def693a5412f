#include "net/event_handler.hpp"

#include "base/hex.hpp"
#include "net/error.hpp"
#include "net/values.hpp"

namespace gof::detail {
namespace {

node_event news(node_event::kind what, const peer_id& peer, const node_id& node) {
  node_event event;
  event.what = what;
  event.peer = net::peer_of(peer);
  if (!node.is_zero()) event.node = to_hex(node.view());
  return event;
}

}  // namespace

void node_service::event_handler::operator()(const core::dial_wanted& e) {
  at.sockets_.dial(e);
}

void node_service::event_handler::operator()(const core::close_wanted& e) {
  at.sockets_.end(now, e.link, e.abort);
}

void node_service::event_handler::operator()(const core::link_up& e) {
  auto event = news(node_event::kind::link_up, e.peer, e.node);
  if (auto* link = at.sockets_.find(e.link)) {
    link->peer = e.peer;
    link->node = e.node;
    link->guest = e.guest;
    event.detail = link->socket->remote();
  }
  event.dialled = e.dialled;
  event.guest = e.guest;
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::link_down& e) {
  const auto* link = at.sockets_.find(e.link);
  if (link == nullptr) return;
  // The core closes the socket once its last bytes are taken; a socket that takes none must not wait long.
  link->socket->hurry();
  auto event = news(node_event::kind::link_down, link->peer, link->node);
  event.error = net::error_from(e.why);
  event.dialled = link->dialled;
  event.guest = link->guest;
  // For a link that this node dialled, the core's detail already has the address.
  event.detail = link->dialled ? e.detail : link->socket->remote() + ": " + e.detail;
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::stranger& e) {
  auto event = news(node_event::kind::stranger, {}, {});
  if (const auto* link = at.sockets_.find(e.link)) event.detail = link->socket->remote();
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::session_up& e) {
  auto event = news(node_event::kind::session_up, e.peer, e.node);
  event.name = e.name;
  event.time = e.round_trip;
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::path_lost& e) {
  auto event = news(node_event::kind::path_lost, e.peer, e.node);
  event.time = e.left;
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::path_resumed& e) {
  auto event = news(node_event::kind::path_resumed, e.peer, e.node);
  event.time = e.stall;
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::path_changed& e) {
  auto event = news(node_event::kind::path_changed, e.peer, e.node);
  event.through = net::relays_of(e.through);
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::session_over& e) {
  auto event = news(node_event::kind::session_over, e.peer, e.node);
  event.error = net::error_from(e.why);
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(const core::unreachable& e) {
  auto event = news(node_event::kind::unreachable, e.peer, {});
  event.error = e.why == wire::reason::none ? make_error_code(errc::no_path) : net::error_from(e.why);
  event.detail = e.detail;
  event.time = e.again_in;
  event.reached = e.reached;
  at.events_.push(std::move(event));
}

void node_service::event_handler::operator()(core::stream_incoming& e) {
  at.ask(std::move(e));
}

void node_service::event_handler::operator()(const core::stream_accepted& e) {
  if (const auto stream = at.find(e.stream)) stream->handle_accepted();
}

void node_service::event_handler::operator()(const core::stream_refused& e) {
  // No reason: the peer was reachable, but did not answer in time.
  const auto why = e.why == wire::reason::none ? make_error_code(errc::timed_out) : net::error_from(e.why);
  if (at.queries_.answer_probe(e.stream, why, e.text)) return;
  if (const auto stream = at.find(e.stream)) stream->handle_over(why, e.text);
}

void node_service::event_handler::operator()(const core::stream_probed& e) {
  at.queries_.answer_probe(e.stream, {}, {});
}

void node_service::event_handler::operator()(const core::stream_readable& e) {
  if (const auto stream = at.find(e.stream)) stream->handle_readable();
}

void node_service::event_handler::operator()(const core::stream_writable& e) {
  if (const auto stream = at.find(e.stream)) stream->handle_writable();
}

void node_service::event_handler::operator()(const core::stream_confirmed& e) {
  if (const auto stream = at.find(e.stream)) stream->handle_confirmed(e.taken);
}

void node_service::event_handler::operator()(const core::stream_ending& e) {
  const auto why = e.why == wire::reason::none ? make_error_code(errc::reset) : net::error_from(e.why);
  if (const auto stream = at.find(e.stream)) stream->handle_ending(why);
}

void node_service::event_handler::operator()(const core::stream_reset& e) {
  const auto why = e.why == wire::reason::none ? make_error_code(errc::reset) : net::error_from(e.why);
  if (at.queries_.answer_probe(e.stream, why, {})) return;
  if (const auto stream = at.find(e.stream)) stream->handle_over(why);
}

void node_service::event_handler::operator()(const core::stream_done& e) {
  if (const auto stream = at.find(e.stream)) stream->handle_over({});
}

}  // namespace gof::detail
