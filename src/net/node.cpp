#include "base/hex.hpp"
#include "net/node_service.hpp"
#include "net/values.hpp"

#include <gof/node.hpp>

#include <limits>

namespace gof {

node::node(boost::asio::io_context& io, const node_options& options)
    : service_(detail::node_service::make(io, options)) {}

node::~node() {
  service_->close();
}

node::executor_type node::get_executor() const {
  return service_->executor();
}

detail::completion_queue& node::completions() const {
  return service_->completions();
}

peer node::id() const {
  return net::peer_of(service_->id());
}

std::string node::node_id() const {
  return to_hex(service_->node().view());
}

boost::asio::ip::tcp::endpoint node::listen(const boost::asio::ip::tcp::endpoint& at,
                                            boost::system::error_code& error) {
  return service_->listen(at, error);
}

void node::use(const ticket& t, boost::system::error_code& error) {
  service_->use(t.parts().parts, error);
}

void node::drop(const ticket& t) {
  service_->drop(t.parts().parts);
}

void node::reach(const peer& who, boost::system::error_code& error) {
  service_->reach(net::id_of(who), error);
}

void node::drop(const peer& who) {
  service_->drop(net::id_of(who));
}

std::optional<ticket> node::issue(const grant& granted, const std::vector<ticket::service>& services,
                                  const std::vector<std::string>& addresses,
                                  boost::system::error_code& error) const {
  auto made = service_->issue(granted, services, addresses, error);
  if (!made) return std::nullopt;
  return ticket(std::make_shared<const ticket::impl>(ticket::impl{std::move(*made)}));
}

void node::join(const std::vector<std::string>& addresses, boost::system::error_code& error) {
  service_->join(addresses, error);
}

void node::publish(const profile& what, boost::system::error_code& error) {
  service_->publish(what, error);
}

std::optional<join_ticket> node::issue_join(const std::vector<std::string>& addresses,
                                            boost::system::error_code& error) const {
  auto made = service_->issue_join(addresses, error);
  if (!made) return std::nullopt;
  return join_ticket(std::make_shared<const join_ticket::impl>(join_ticket::impl{std::move(*made)}));
}

node_snapshot node::snapshot() const {
  return service_->snapshot();
}

std::vector<known_node> node::known() const {
  return service_->known({}, std::numeric_limits<std::size_t>::max());
}

std::vector<known_node> node::known(const std::string& after, std::size_t most) const {
  return service_->known(after, most);
}

void node::close() {
  service_->close();
}

void node::start_probe(const endpoint& to,
                       detail::operation_ptr<boost::system::error_code, std::string> done) {
  service_->start_probe(to, std::move(done));
}

void node::start_ping(
    const peer& to,
    detail::operation_ptr<boost::system::error_code, std::chrono::nanoseconds, std::string> done) {
  service_->start_ping(to, std::move(done));
}

void node::start_event(detail::operation_ptr<boost::system::error_code, node_event> done) {
  service_->start_event(std::move(done));
}

}  // namespace gof
