#include "net/acceptor_queue.hpp"
#include "net/node_service.hpp"
#include "net/values.hpp"

#include <gof/acceptor.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace gof {

incoming::incoming() = default;

incoming::incoming(std::shared_ptr<detail::node_service> service, std::shared_ptr<detail::stream_state> state)
    : service_(std::move(service)), state_(std::move(state)) {}

incoming::~incoming() {
  refuse(errc::not_allowed);
}

incoming::incoming(incoming&&) noexcept = default;

incoming& incoming::operator=(incoming&& other) noexcept {
  if (this == &other) return *this;
  refuse(errc::not_allowed);
  service_ = std::move(other.service_);
  state_ = std::move(other.state_);
  return *this;
}

peer incoming::peer() const {
  return net::peer_of(state_->request().peer);
}

const std::string& incoming::service() const {
  return state_->request().service;
}

bool incoming::is_probe() const {
  return state_->request().probe;
}

std::optional<std::array<std::uint8_t, 16>> incoming::grant() const {
  const auto& named = state_->request().grant;
  if (named.is_zero()) return std::nullopt;
  return named.value;
}

std::optional<boost::asio::ip::tcp::endpoint> incoming::client() const {
  const auto& told = state_->request().options.client;
  if (!told) return std::nullopt;
  return net::endpoint_of(*told);
}

std::vector<boost::asio::ip::tcp::endpoint> incoming::listening() const {
  std::vector<boost::asio::ip::tcp::endpoint> all;
  for (const auto& one : state_->request().options.listeners) all.push_back(net::endpoint_of(one));
  return all;
}

bool incoming::proves(const std::array<std::uint8_t, 32>& token) const {
  if (state_->is_over()) return false;
  return service_->core().proves(state_->id(), secure::secret32(token));
}

incoming::executor_type incoming::get_executor() const {
  return service_->executor();
}

detail::completion_queue& incoming::completions() const {
  return service_->completions();
}

void incoming::start_wait_gone(detail::operation_ptr<boost::system::error_code> done) {
  state_->start_wait_gone(std::move(done));
}

stream incoming::accept() {
  const auto state = std::exchange(state_, nullptr);
  state->cancel();
  state->accept();
  return {service_, state};
}

void incoming::confirm() {
  const auto state = std::exchange(state_, nullptr);
  if (!state) return;
  state->cancel();
  state->confirm();
}

void incoming::refuse(errc why, const std::string& text) {
  const auto state = std::exchange(state_, nullptr);
  if (!state) return;
  state->cancel();
  state->refuse(why, text);
}

acceptor::acceptor(node& on, std::string service)
    : service_(on.service_), name_(std::move(service)), queue_(service_->add_acceptor(name_)) {
  if (!queue_) throw boost::system::system_error(boost::asio::error::address_in_use, "acceptor " + name_);
}

acceptor::~acceptor() {
  close();
}

acceptor::executor_type acceptor::get_executor() const {
  return service_->executor();
}

detail::completion_queue& acceptor::completions() const {
  return service_->completions();
}

void acceptor::close() {
  if (const auto queue = std::exchange(queue_, nullptr)) service_->remove_acceptor(name_, *queue);
}

void acceptor::start_accept(detail::operation_ptr<boost::system::error_code, incoming> done) {
  if (service_->is_closed()) return done.complete(errc::shut_down, {});
  if (!queue_) return done.complete(boost::asio::error::operation_aborted, {});
  queue_->take(std::move(done), [weak = std::weak_ptr(queue_)] {
    if (const auto queue = weak.lock()) queue->cancel();
  });
}

}  // namespace gof
