#include "forward/pump.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>

namespace gof::forward {
namespace {

namespace io_error = boost::asio::error;
using boost::system::error_code;

bool would_block(error_code error) {
  return error == io_error::would_block || error == io_error::try_again;
}

}  // namespace

pump::pump(owner& of, std::shared_ptr<buffer_pool> pool, local_socket socket, gof::stream stream,
           std::shared_ptr<tally> counts)
    : owner_(&of),
      pool_(std::move(pool)),
      socket_(std::move(socket)),
      stream_(std::move(stream)),
      counts_(std::move(counts)) {
  tune(socket_);
  ++counts_->open;
  ++counts_->total;
}

void pump::start() {
  opened_ = true;
  begin();
}

void pump::start(const endpoint& to) {
  stream_.async_connect(to, [self = shared_from_this()](error_code error) {
    if (self->over_) return;
    if (error) return self->lose_stream(error);
    self->opened_ = true;
  });
  begin();
}

void pump::begin() {
  watch_local();
  await_local();
  receive();
}

// ---------------------------------------------------------------- local to stream

void pump::await_local() {
  outgoing_.give_back();
  socket_.async_wait(local_socket::wait_read, [self = shared_from_this()](error_code error) {
    if (self->over_) return;
    if (error) return self->lose_local(error);
    self->read_local();
  });
}

void pump::read_local() {
  if (!outgoing_) outgoing_ = buffer_pool::take(pool_);
  error_code error;
  outgoing_sent_ = 0;
  outgoing_size_ = socket_.read_some(boost::asio::buffer(outgoing_.data(), buffer_pool::buffer_size), error);
  if (would_block(error)) return await_local();
  if (error == io_error::eof) return handle_local_end();
  if (error) return lose_local(error);
  send();
}

void pump::send() {
  const auto rest = boost::asio::buffer(outgoing_.data() + outgoing_sent_, outgoing_size_ - outgoing_sent_);
  stream_.async_write_some(rest, [self = shared_from_this()](error_code error, std::size_t size) {
    if (self->over_) return;
    if (error) return self->lose_stream(error);
    self->outgoing_sent_ += size;
    self->counts_->sent += size;
    if (self->outgoing_sent_ < self->outgoing_size_) return self->send();
    // A full buffer: there is more to read for sure.
    if (self->outgoing_size_ == buffer_pool::buffer_size) return self->read_local();
    self->await_local();
  });
}

void pump::handle_local_end() {
  outgoing_.give_back();
  end_sent_ = true;
  error_code error;
  stream_.shutdown_send(error);
  if (error) return lose_stream(error);
  if (end_received_) complete();
}

/// While back-pressure holds, or after its end, the local side is not read: a reset of it shows only here.
void pump::watch_local() {
  socket_.async_wait(local_socket::wait_error, [self = shared_from_this()](error_code error) {
    if (self->over_ || error) return;
    if (const auto reset = take_error(self->socket_)) return self->lose_local(reset);
    // Urgent data, or a hang-up after both ends: true for ever, so that watching on would spin.
  });
}

// ---------------------------------------------------------------- stream to local

void pump::receive() {
  waiting_large_ = !incoming_.empty();
  idle_tick_ = false;
  const auto into = incoming_room<boost::asio::mutable_buffer>(0, SIZE_MAX);
  const auto handle = [self = shared_from_this()](error_code error, std::size_t size) {
    self->handle_received(error, size);
  };
  if (!waiting_large_) return stream_.async_read_some(into, handle);
  owner_->stir();
  stream_.async_read_some(into, boost::asio::bind_cancellation_slot(wake_.slot(), handle));
}

void pump::handle_received(error_code error, std::size_t size) {
  if (over_) return;
  waiting_large_ = false;
  if (error == io_error::operation_aborted) {  // by tick(): nothing came for long
    incoming_.clear();
    return receive();
  }
  if (error == io_error::eof) return handle_stream_end();
  if (error) return lose_stream(error);
  incoming_size_ = size;
  incoming_written_ = 0;
  deliver();
}

template <class Buffer>
std::vector<Buffer> pump::incoming_room(std::size_t skip, std::size_t size) {
  if (incoming_.empty()) return {boost::asio::buffer(boost::asio::buffer(small_) + skip, size)};
  std::vector<Buffer> room;
  for (const auto& one : incoming_) {
    const auto part =
        boost::asio::buffer(boost::asio::buffer(one.data(), buffer_pool::buffer_size) + skip, size);
    if (part.size() > 0) room.emplace_back(part);
    skip -= std::min(skip, buffer_pool::buffer_size);
    size -= part.size();
  }
  return room;
}

void pump::deliver() {
  error_code error;
  while (incoming_written_ < incoming_size_) {
    const auto size = socket_.write_some(
        incoming_room<boost::asio::const_buffer>(incoming_written_, incoming_size_ - incoming_written_),
        error);
    incoming_written_ += size;
    counts_->received += size;
    if (error) break;
  }
  if (!error) return handle_delivered();
  if (!would_block(error)) return lose_local(error);
  blocked_ = true;
  owner_->stir();
  socket_.async_wait(local_socket::wait_write, [self = shared_from_this()](error_code failed) {
    if (self->over_) return;
    if (failed) return self->lose_local(failed);
    self->blocked_ = false;
    self->deliver();
  });
}

void pump::handle_delivered() {
  resize_incoming();
  receive();
}

/// One more after a read that filled all there were; fewer after one that did not need them.
void pump::resize_incoming() {
  const auto held = incoming_.empty() ? small_size : incoming_.size() * buffer_pool::buffer_size;
  if (incoming_size_ == held && incoming_.size() < most_incoming)
    return incoming_.push_back(buffer_pool::take(pool_));
  const auto used = incoming_size_ < small_size ? 0 : (incoming_size_ - 1) / buffer_pool::buffer_size + 1;
  if (used < incoming_.size()) incoming_.resize(used);
}

void pump::handle_stream_end() {
  incoming_.clear();
  end_received_ = true;
  error_code error;
  socket_.shutdown(local_socket::shutdown_send, error);
  if (error) return lose_local(error);
  if (end_sent_) return complete();
  owner_->stir();
}

// ---------------------------------------------------------------- looking after it

void pump::tick() {
  if (over_) return;
  const bool unwatched = blocked_ || end_received_;
  if (opened_ && unwatched && !(end_sent_ && end_received_) && !stream_.is_open())
    return lose_stream(errc::reset);
  if (!waiting_large_) return;
  if (idle_tick_) wake_.emit(boost::asio::cancellation_type::terminal);
  idle_tick_ = true;
}

// ---------------------------------------------------------------- the end

void pump::abort() {
  if (!over_) lose_local(io_error::operation_aborted);
}

void pump::disown() {
  owner_ = nullptr;
  abort();
}

void pump::lose_local(error_code error) {
  stream_.reset();
  abort_socket(socket_);
  tell({error, {}, opened_});
}

void pump::lose_stream(error_code error) {
  auto words = stream_.refusal();
  stream_.reset();
  abort_socket(socket_);
  tell({error, std::move(words), opened_});
}

void pump::complete() {
  stream_.close();
  error_code ignored;
  socket_.close(ignored);
  tell({{}, {}, opened_});
}

void pump::tell(const end& how) {
  over_ = true;
  --counts_->open;
  blocked_ = end_received_ = waiting_large_ = false;
  outgoing_.give_back();
  incoming_.clear();
  if (owner_) owner_->handle_over(*this, how);
}

}  // namespace gof::forward
