#include "net/node_service.hpp"

#include "base/hex.hpp"
#include "net/error.hpp"
#include "net/event_handler.hpp"
#include "net/host_identity.hpp"
#include "net/values.hpp"

#include <boost/system/system_error.hpp>

#include <variant>

namespace gof::detail {
namespace {

namespace io_error = boost::asio::error;

/// How long a closed stream waits for a silent other side to end; Linux limits TCP's FIN-WAIT-2 to the same.
constexpr std::chrono::seconds linger_limit{60};

core::node_config config_of(const node_options& options, const std::optional<secure::secret32>& network_key) {
  core::node_config made{options.identity.parts().self, network_key, options.name, options.survive,
                         options.connect_timeout};
  made.host = net::host_identity();
  return made;
}

}  // namespace

std::shared_ptr<node_service> node_service::make(boost::asio::io_context& io, const node_options& options) {
  auto on = net::loop::on(io);
  if (!on) throw boost::system::system_error(errc::another_loop);
  auto made = std::make_shared<node_service>(std::move(on), options);
  made->loop_->add(made);
  return made;
}

node_service::node_service(std::shared_ptr<net::loop> on, const node_options& options)
    : io_(on->io()),
      loop_(std::move(on)),
      completions_(loop_->completions()),
      sockets_(*this, options.connect_timeout) {
  if (options.network_key) network_key_.emplace(*options.network_key);
  core_ = std::make_unique<core::node>(config_of(options, network_key_), loop_->stack(), loop_->random());
  id_ = core_->peer();
  node_ = core_->id();
}

node_service::~node_service() = default;

void node_service::touch() {
  if (loop_) loop_->touch();
}

// ---------------------------------------------------------------- the loop

std::optional<instant> node_service::poll_timeout() const {
  auto next = core_->poll_timeout();
  if (!lingering_.empty() && (!next || lingering_.front().first < *next)) next = lingering_.front().first;
  return next;
}

void node_service::handle_timeout(instant now) {
  core_->handle_timeout(now);
  while (!lingering_.empty() && lingering_.front().first <= now) {
    const auto stream = lingering_.front().second.lock();
    lingering_.pop_front();
    if (!stream || stream->is_over()) continue;
    if (stream->gone_silent())
      stream->reset();
    else
      linger(stream);
  }
}

bool node_service::handle_events(instant now) {
  bool any = false;
  sockets_.resume();
  while (auto event = core_->poll_event()) {
    any = true;
    std::visit(event_handler{*this, now}, *event);
  }
  sockets_.forget_failed();
  return any;
}

bool node_service::flush(instant now) {
  bool any = false;
  while (const auto link = core_->poll_ready()) {
    sockets_.flush(now, *link);
    any = true;
  }
  return any;
}

// ---------------------------------------------------------------- peers to reach

net::tcp::endpoint node_service::listen(const net::tcp::endpoint& at, error_code& error) {
  // A node without a network key could not tell whom to let in.
  error = membership();
  if (error) return {};
  return sockets_.listen(at, error);
}

void node_service::use(const wire::ticket& ticket, error_code& error) {
  error = closed_ ? make_error_code(errc::shut_down) : error_code();
  if (error) return;
  if (core_->add_ticket(net::clock_now(), ticket)) error = errc::bad_ticket;
  touch();
}

void node_service::drop(const wire::ticket& ticket) {
  if (closed_) return;
  core_->drop_ticket(net::clock_now(), ticket);
  touch();
}

void node_service::reach(const peer_id& who, error_code& error) {
  error = membership();
  if (error) return;
  core_->add_peer(net::clock_now(), who);
  touch();
}

void node_service::drop(const peer_id& who) {
  if (closed_) return;
  core_->drop_peer(net::clock_now(), who);
  touch();
}

// ---------------------------------------------------------------- streams

std::shared_ptr<stream_state> node_service::open(const endpoint& to) {
  const auto id = core_->open(net::clock_now(), net::id_of(to.peer), to.service, net::options_of(to));
  auto made = std::make_shared<stream_state>(*this, id);
  streams_[id] = made;
  touch();
  return made;
}

std::shared_ptr<stream_state> node_service::find(stream_id stream) const {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? nullptr : found->second;
}

void node_service::forget(const stream_state& stream) {
  streams_.erase(stream.id());
  const auto& asked = stream.request().service;
  for (const auto& name : {asked, std::string()})
    if (const auto queue = acceptors_.find(name); !asked.empty() && queue != acceptors_.end())
      queue->second->forget(stream);
  touch();
}

void node_service::linger(const std::shared_ptr<stream_state>& stream) {
  lingering_.emplace_back(net::clock_now() + linger_limit, stream);
}

void node_service::ask(core::stream_incoming request) {
  auto queue = acceptors_.find(request.service);
  if (queue == acceptors_.end()) queue = acceptors_.find({});
  const auto id = request.stream;
  const auto state = std::make_shared<stream_state>(*this, std::move(request));
  if (queue == acceptors_.end()) return state->refuse(errc::unknown_service, {});
  if (queue->second->full()) return state->refuse(errc::busy, {});
  streams_[id] = state;
  queue->second->push(incoming(shared_from_this(), state));
}

std::shared_ptr<acceptor_queue> node_service::add_acceptor(const std::string& service) {
  const auto [place, fresh] = acceptors_.try_emplace(service);
  if (!fresh) return nullptr;
  return place->second = std::make_shared<acceptor_queue>();
}

void node_service::remove_acceptor(const std::string& service, const acceptor_queue& queue) {
  const auto found = acceptors_.find(service);
  if (found == acceptors_.end() || found->second.get() != &queue) return;
  const auto held = found->second;
  acceptors_.erase(found);
  held->close();
}

// ---------------------------------------------------------------- queries, events

void node_service::start_probe(const endpoint& to, net::queries::probe_ptr done) {
  if (closed_) return done.complete(errc::shut_down, {});
  if (queries_.is_full_of_probes()) return done.complete(errc::busy, {});
  const auto asked = core_->probe(net::clock_now(), net::id_of(to.peer), to.service, net::options_of(to));
  queries_.add_probe(asked, std::move(done), [weak = weak_from_this(), asked] {
    if (const auto self = weak.lock()) self->cancel_probe(asked);
  });
  touch();
}

void node_service::cancel_probe(stream_id asked) {
  if (queries_.answer_probe(asked, io_error::operation_aborted, {})) core_->reset(net::clock_now(), asked);
  touch();
}

void node_service::start_ping(const peer& to, net::queries::ping_ptr done) {
  if (closed_) return done.complete(errc::shut_down, {}, {});
  if (queries_.is_full_of_pings()) return done.complete(errc::busy, {}, {});
  const auto whom = net::id_of(to);
  queries_.add_ping(whom, std::move(done), [weak = weak_from_this()](std::uint64_t number) {
    if (const auto self = weak.lock()) self->queries_.cancel_ping(number);
  });
  core_->ping(net::clock_now(), whom);
  touch();
}

void node_service::start_event(event_ptr done) {
  if (closed_) return done.complete(errc::shut_down, {});
  events_.take(std::move(done), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->events_.cancel();
  });
}

node_snapshot node_service::snapshot() const {
  node_snapshot all;
  if (closed_) return all;
  for (const auto& link : core_->links())
    all.links.push_back({net::peer_of(link.peer), to_hex(link.node.view()), link.guest, link.dialled,
                         link.round_trip, link.address});
  for (const auto& session : core_->sessions())
    all.sessions.push_back({net::peer_of(session.peer), to_hex(session.node.view()), session.name, session.up,
                            session.has_path, session.round_trip, session.streams,
                            net::relays_of(session.through), session.last_link, session.under_way});
  all.streams = core_->streams();
  all.held_bytes = core_->held_bytes();
  return all;
}

std::vector<known_node> node_service::known(const std::string& after, std::size_t most) const {
  std::vector<known_node> all;
  const auto from = net::node_from(after);
  if (closed_ || (!from && !after.empty())) return all;
  for (const auto& node : core_->known(from, most)) all.push_back(net::known_of(node));
  return all;
}

// ---------------------------------------------------------------- the end

void node_service::close() {
  if (std::exchange(closed_, true)) return;
  const auto now = net::clock_now();
  abort_operations();
  core_->shutdown(now);
  while (core_->poll_event()) {
    // Dropped: every link ends below, and the program is closing the node.
  }
  sockets_.close(now);
  loop_->remove(*this);
  release();
}

void node_service::abort_operations() {
  events_.cancel();
  queries_.cancel();
  for (const auto& [name, queue] : acceptors_) queue->cancel();
  for (const auto& [id, stream] : std::exchange(streams_, {})) {
    stream->cancel();
    stream->handle_over(errc::shut_down);
  }
  acceptors_.clear();
  lingering_.clear();
}

void node_service::handle_link_finished() {
  release();
}

void node_service::release() {
  if (!closed_ || !sockets_.are_closed()) return;
  core_.reset();
  loop_.reset();
}

}  // namespace gof::detail
