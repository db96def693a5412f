#include "net/clock.hpp"
#include "net/error.hpp"
#include "net/node_service.hpp"
#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <span>

// The bytes of a stream: reads and writes, by copying or in place.

namespace gof::detail {
namespace {

namespace io_error = boost::asio::error;

/// So many messages wake the local program once: 16 % more throughput through a relay than with one.
constexpr std::size_t most_pieces = 4;

}  // namespace

void stream_state::start_read(const mutable_buffers& into, transfer_ptr done) {
  if (read_) return done.complete(io_error::in_progress, 0);
  if (into.empty()) return done.complete({}, 0);
  into_ = into;
  read_.set(std::move(done), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->cancel_read();
  });
  serve_read();
}

void stream_state::start_write(const const_buffers& from, transfer_ptr done) {
  if (write_) return done.complete(io_error::in_progress, 0);
  if (from.empty()) return done.complete({}, 0);
  from_ = from;
  write_.set(std::move(done), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->cancel_write();
  });
  serve_write();
}

bool stream_state::is_writable() {
  return !write_error() && owner_.core().await_room(id_, stream::message_size);
}

const_buffers stream_state::data() const {
  const_buffers all;
  if (read_ || is_over() || more_ > 0) return all;
  std::array<const_bytes, most_pieces> pieces;
  const auto count = owner_.core().readable(id_, pieces);
  for (const auto& one : std::span(pieces).first(count)) all.add(boost::asio::buffer(one.data(), one.size()));
  return all;
}

void stream_state::consume(std::size_t size) {
  if (is_over()) return;
  owner_.core().consume(net::clock_now(), id_, size);
  owner_.touch();
}

boost::asio::mutable_buffer stream_state::prepare(std::size_t most) {
  if (write_error()) return {};
  const auto room = owner_.core().prepare(id_, most);
  return boost::asio::buffer(room.data(), room.size());
}

void stream_state::commit(std::size_t size) {
  if (is_over()) return;
  owner_.core().commit(id_, size);
  handle_written(size);
}

void stream_state::serve_read() {
  if (!read_) return;
  const auto size = is_over() || more_ > 0 ? 0 : take();
  if (size > 0) return read_.complete({}, size);
  if (const auto ended = read_error()) read_.complete(ended, 0);
}

void stream_state::serve_write() {
  if (!write_) return;
  if (const auto error = write_error()) return write_.complete(error, 0);
  if (const auto size = put(); size > 0) write_.complete({}, size);
  if (is_over()) serve_waits();  // that was the last byte before an announced reset
}

stream_state::error_code stream_state::read_error() {
  if (more_ > 0) return errc::reset;
  ended_ = ended_ || (!is_over() && owner_.core().at_end(id_));
  if (error_) return error_;
  return ended_ ? error_code(io_error::eof) : error_code();
}

stream_state::error_code stream_state::write_error() const {
  if (error_) return error_;
  if (broken_) return broken_;
  if (finished_ || is_over()) return io_error::broken_pipe;
  return {};
}

std::size_t stream_state::take() {
  const auto now = net::clock_now();
  std::size_t total = 0;
  for (const auto& buffer : into_) {
    const mutable_bytes room(static_cast<std::uint8_t*>(buffer.data()), buffer.size());
    const auto got = owner_.core().read(now, id_, room);
    total += got.size;
    ended_ = ended_ || got.at_end;
    if (got.size < room.size()) break;
  }
  if (total > 0) owner_.touch();
  return total;
}

std::size_t stream_state::put() {
  const auto now = net::clock_now();
  std::size_t total = 0;
  for (const auto& buffer : from_) {
    const const_bytes data(static_cast<const std::uint8_t*>(buffer.data()), buffer.size());
    const auto size = owner_.core().write(now, id_, data);
    total += size;
    if (size < data.size()) break;
  }
  handle_written(total);
  return total;
}

void stream_state::handle_written(std::size_t size) {
  written_ += size;
  if (size > 0) owner_.touch();
  if (more_ == 0) return;
  more_ -= size;
  if (more_ > 0) return;
  owner_.core().reset(net::clock_now(), id_);
  leave(errc::reset);
}

}  // namespace gof::detail
