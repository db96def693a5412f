#include "forward/local_end.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <utility>

namespace gof::forward {

local_end::local_end(local_socket socket, beyond left)
    : socket_(std::move(socket)), beyond_(std::move(left)) {
  error_code ignored;
  if (!socket_.non_blocking()) socket_.non_blocking(true, ignored);
}

std::size_t local_end::write(gof::stream& from, error_code& error) {
  const auto waiting = from.data();
  const auto size = socket_.write_some(waiting, error);
  if (!error && size < boost::asio::buffer_size(waiting)) error = boost::asio::error::would_block;
  from.consume(size);
  written_ += size;
  watched_.wrote();
  return size;
}

void local_end::finish(error_code& error) {
  finished_ = true;
  socket_.shutdown(local_socket::shutdown_send, error);
  if (!error) watched_.wrote();
}

std::size_t local_end::not_taken() {
  return (beyond_ ? beyond_() : 0) + unacknowledged(socket_, finished_);
}

void local_end::watch(socket_watch& by, socket_watch::handler gone) {
  watched_ = by.add(socket_, std::move(gone));
  watched_.wrote();
}

void local_end::close() {
  watched_ = {};
  error_code ignored;
  socket_.close(ignored);
}

void local_end::abort() {
  watched_ = {};
  abort_socket(socket_);
}

}  // namespace gof::forward
