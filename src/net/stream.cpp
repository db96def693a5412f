#include "wire/stream.hpp"

#include "net/node_service.hpp"
#include "net/stream_state.hpp"
#include "sctp/association.hpp"

#include <gof/stream.hpp>

#include <boost/asio/error.hpp>

namespace gof {

static_assert(stream::message_size == sctp::largest_message - wire::stream_data::head_size);

namespace io_error = boost::asio::error;

stream::stream(node& on) : service_(on.service_) {}

stream::stream(std::shared_ptr<detail::node_service> service, std::shared_ptr<detail::stream_state> state)
    : service_(std::move(service)), state_(std::move(state)) {}

stream::~stream() {
  if (state_) state_->abandon();
}

// The service stays with both: a moved-from stream still needs its executor, to report not_connected.
// NOLINTNEXTLINE(performance-move-constructor-init)
stream::stream(stream&& other) noexcept : service_(other.service_), state_(std::move(other.state_)) {}

stream& stream::operator=(stream&& other) noexcept {
  if (this == &other) return *this;
  const auto old = std::exchange(state_, std::move(other.state_));
  const auto held = std::exchange(service_, other.service_);
  if (old) old->abandon();
  return *this;
}

stream::executor_type stream::get_executor() const {
  return service_->executor();
}

detail::completion_queue& stream::completions() const {
  return service_->completions();
}

bool stream::is_open() const {
  return state_ && state_->is_open();
}

void stream::shutdown_send(boost::system::error_code& error) {
  if (state_)
    state_->shutdown_send(error);
  else
    error = io_error::not_connected;
}

void stream::reset() {
  if (const auto state = std::exchange(state_, nullptr)) state->reset();
}

void stream::reset(std::uint64_t more) {
  if (more == 0) return reset();
  if (state_) state_->reset_behind(more);
}

void stream::abort() {
  if (const auto state = std::exchange(state_, nullptr)) state->abort();
}

bool stream::is_writable() {
  return state_ && state_->is_writable();
}

stream::const_buffers_type stream::data() const {
  return state_ ? state_->data() : const_buffers_type();
}

void stream::consume(std::size_t size) {
  if (state_ && size > 0) state_->consume(size);
}

boost::asio::mutable_buffer stream::prepare(std::size_t most) {
  return state_ ? state_->prepare(most) : boost::asio::mutable_buffer();
}

void stream::commit(std::size_t size) {
  if (state_) state_->commit(size);
}

std::uint64_t stream::written() const {
  return state_ ? state_->written() : 0;
}

std::uint64_t stream::unconfirmed() const {
  return state_ ? state_->unconfirmed() : 0;
}

void stream::hold_taken() {
  if (state_) state_->hold_taken();
}

void stream::taken(std::uint64_t total) {
  if (state_) state_->taken(total);
}

void stream::close() {
  if (const auto state = std::exchange(state_, nullptr)) state->close();
}

void stream::cancel() {
  if (state_) state_->cancel();
}

std::string stream::refusal() const {
  return state_ ? state_->refusal() : std::string();
}

void stream::start_connect(const endpoint& to, detail::operation_ptr<boost::system::error_code> done) {
  if (service_->is_closed()) return done.complete(errc::shut_down);
  if (state_ && !state_->is_over()) return done.complete(io_error::already_connected);
  state_ = service_->open(to);
  state_->start_connect(std::move(done));
}

void stream::start_read(const detail::mutable_buffers& into,
                        detail::operation_ptr<boost::system::error_code, std::size_t> done) {
  if (!state_) return done.complete(io_error::not_connected, 0);
  state_->start_read(into, std::move(done));
}

void stream::start_write(const detail::const_buffers& from,
                         detail::operation_ptr<boost::system::error_code, std::size_t> done) {
  if (!state_) return done.complete(io_error::not_connected, 0);
  state_->start_write(from, std::move(done));
}

void stream::start_wait(wait_type what, detail::operation_ptr<boost::system::error_code> done) {
  if (!state_) return done.complete(io_error::not_connected);
  state_->start_wait(what, std::move(done));
}

}  // namespace gof
