#include "demo/transfer.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>

namespace gof::demo {

using boost::system::error_code;

namespace {

constexpr std::size_t piece_bytes = 256 * 1024;  // large for a packet, small for a transfer

}  // namespace

transfer::transfer(node& from, std::uint64_t size, std::uint64_t seed, std::function<void(error_code)> ended)
    : size_(size),
      ended_(std::move(ended)),
      stream_(from),
      bytes_(seed),
      out_(piece_bytes),
      in_(piece_bytes) {}

void transfer::start(const endpoint& to) {
  stream_.async_connect(to, [this](error_code error) {
    if (error) return end(error);
    last_arrival_ = clock::now();
    write();
    read();
  });
}

void transfer::release() {
  released_ = true;
  last_arrival_ = clock::now();
  if (!writing_) write();
}

std::uint64_t transfer::may_send() const {
  return released_ ? size_ : size_ - held_back_bytes;
}

void transfer::write() {
  if (sent_ == size_) return finish_writing();
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(may_send() - sent_, out_.size()));
  writing_ = size > 0;
  if (!writing_) return;
  bytes_.fill(out_);
  sent_hash_.add(out_.data(), size);
  sent_ += size;
  boost::asio::async_write(stream_, boost::asio::buffer(out_, size), [this](error_code error, std::size_t) {
    writing_ = false;
    // The read reports what broke the stream.
    if (!error) write();
  });
}

void transfer::finish_writing() {
  error_code told_by_the_read;
  stream_.shutdown_send(told_by_the_read);
}

void transfer::read() {
  stream_.async_read_some(boost::asio::buffer(in_), [this](error_code error, std::size_t size) {
    handle_arrival(size);
    if (!error) return read();
    end(error == boost::asio::error::eof ? error_code() : error);
  });
}

void transfer::handle_arrival(std::size_t size) {
  if (size == 0) return;
  received_hash_.add(in_.data(), size);
  received_ += size;
  const auto now = clock::now();
  if (released_) stall_ = std::max(stall_, now - last_arrival_);
  last_arrival_ = now;
}

void transfer::end(error_code error) {
  // The caller may destroy this object in it.
  const auto ended = std::exchange(ended_, nullptr);
  if (ended) ended(error);
}

}  // namespace gof::demo
