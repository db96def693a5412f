#include "forward/pump.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace gof::forward {
namespace {

namespace io_error = boost::asio::error;
using boost::system::error_code;

/// From this age on a connection is watched for what reads and writes do not report. Most end earlier.
constexpr std::chrono::milliseconds lasting{100};
/// How long to wait for the other direction to end as well, which saves a message.
constexpr std::chrono::milliseconds second_end{20};
constexpr std::chrono::milliseconds first_look{5};
constexpr std::chrono::milliseconds last_look{1000};
constexpr std::chrono::milliseconds reset_look{250};

/// A connection with small messages needs no more room than this for a read. One that fills it gets a whole
/// message's.
constexpr std::size_t small_read = 4096;

bool would_block(error_code error) {
  return error == io_error::would_block || error == io_error::try_again;
}

}  // namespace

pump::pump(owner& of, local_socket socket, gof::stream stream, std::shared_ptr<connection_stats> counts,
           beyond left)
    : owner_(&of),
      local_(std::move(socket), std::move(left)),
      stream_(std::move(stream)),
      counts_(std::move(counts)),
      next_read_(small_read) {
  ++counts_->open;
  ++counts_->total;
}

void pump::start() {
  opened_ = true;
  begin();
  await_local();
}

void pump::start(const endpoint& to) {
  stream_.async_connect(to, [self = shared_from_this()](error_code error) {
    if (self->over_) return;
    if (!error)
      self->opened_ = true;
    else if (!self->local_broken_)
      self->lose(error);
  });
  begin();
  // What the program has sent already goes along with the request.
  unread(local_.socket()) > 0 ? read_local() : await_local();
}

void pump::begin() {
  stream_.hold_taken();
  owner_->schedule(*this, lasting);
  receive();
}

// ---------------------------------------------------------------- local to stream

void pump::await_local() {
  local_.socket().async_wait(local_socket::wait_read, [self = shared_from_this()](error_code error) {
    if (self->over_) return;
    if (error) return self->lose(error);
    self->read_local();
  });
}

void pump::await_room() {
  stream_.async_wait(gof::stream::wait_write, [self = shared_from_this()](error_code error) {
    if (self->over_) return;
    if (!error) return self->read_local();
    self->local_broken_ ? self->lose(self->local_broken_) : self->break_stream(error);
  });
}

/// Reads to where the stream sends from. While the stream takes nothing the bytes wait in the system's
/// buffer.
void pump::read_local() {
  if (stream_broken_) return;
  if (!stream_.is_writable()) return await_room();
  error_code error;
  const auto most = local_broken_ ? std::min<std::uint64_t>(next_read_, dry_left_) : next_read_;
  const auto room = stream_.prepare(most);
  const auto size = local_.socket().read_some(room, error);
  stream_.commit(size);
  counts_->sent += size;
  if (local_broken_) {
    if (error) return lose(local_broken_, true);  // fewer than the system reported
    dry_left_ -= size;
    return dry_left_ > 0 ? await_room() : lose(local_broken_);
  }
  if (error) {
    if (would_block(error)) return await_local();
    return error == io_error::eof ? handle_local_end() : break_local(error);
  }
  next_read_ = size == next_read_ ? gof::stream::message_size : std::max(small_read, size);
  size == room.size() ? await_room() : await_local();
}

void pump::handle_local_end() {
  // Our end carries how much was taken of the other direction.
  const auto left = local_.not_taken();
  taken_ = end_received_ && left == 0;
  tell_taken(left);
  end_sent_ = true;
  error_code error;
  stream_.shutdown_send(error);
  if (error) return break_stream(error);
  if (taken_) return complete();
  if (end_received_) look_again();
}

// ---------------------------------------------------------------- stream to local

void pump::receive() {
  stream_.async_wait(gof::stream::wait_read, [self = shared_from_this()](error_code error) {
    if (!self->over_ && !self->local_broken_) self->handle_received(error);
  });
}

void pump::handle_received(error_code error) {
  if (error == io_error::eof) return handle_stream_end();
  if (error) {
    read_out_ = true;
    break_stream(error);
    return over_ ? void() : check_reset();
  }
  deliver();
}

void pump::deliver() {
  error_code error;
  counts_->received += local_.write(stream_, error);
  if (!error) return receive();
  if (!would_block(error)) return break_local(error);
  await_local_room();
}

void pump::await_local_room() {
  blocked_ = true;
  local_.socket().async_wait(local_socket::wait_write, [self = shared_from_this()](error_code failed) {
    if (self->over_ || self->local_broken_) return;
    if (failed) return self->break_local(failed);
    self->blocked_ = false;
    self->receive();
  });
}

void pump::handle_stream_end() {
  end_received_ = read_out_ = true;
  error_code error;
  local_.finish(error);
  if (error) return break_local(error);
  if (end_sent_) return check_taken();
  owner_->schedule(*this, second_end);
}

// ---------------------------------------------------------------- what the local side has taken

void pump::tell_taken(std::size_t left) {
  if (local_.written() > left) stream_.taken(local_.written() - left);
}

/// Once both directions have ended, the connection is over when each side has taken everything.
void pump::check_taken() {
  if (local_.not_taken() > 0) return look_again();
  taken_ = true;
  stream_.taken(local_.written());
  if (end_sent_) complete();
}

void pump::look_again() {
  look_in_ = std::clamp(2 * look_in_, first_look, last_look);
  owner_->schedule(*this, look_in_);
}

void pump::tick() {
  if (over_) return;
  if (!std::exchange(lasts_, true)) {
    watch_local();
    watch_stream();
  }
  if (stream_broken_) return check_reset();
  if (end_received_ && !taken_) check_taken();
}

std::uint64_t pump::under_way() {
  const auto coming = local_.is_open() ? local_.not_taken() + boost::asio::buffer_size(stream_.data()) : 0;
  return stream_.unconfirmed() + coming;
}

// ---------------------------------------------------------------- long-lived connections

/// Under back-pressure, and after its end, the local side is not read; then only this reports its reset.
void pump::watch_local() {
  if (!local_.is_open()) return;
  local_.watch(owner_->watch(), [weak = weak_from_this()](error_code error) {
    if (const auto self = weak.lock()) self->break_local(error);
  });
}

void pump::watch_stream() {
  stream_.async_wait(gof::stream::wait_error, [self = shared_from_this()](error_code error) {
    const bool well = error == io_error::eof || error == io_error::operation_aborted;
    if (!self->over_ && !well) self->break_stream(error);
  });
}

// ---------------------------------------------------------------- the end

void pump::abort() {
  if (!over_) lose(io_error::operation_aborted, true);
}

void pump::disown() {
  owner_ = nullptr;
  abort();
}

/// The local side was reset: the other side is notified at once, and still gets what came before.
void pump::break_local(error_code error) {
  if (over_ || local_broken_) return;
  if (stream_broken_) return lose(error);
  local_broken_ = error;
  tell_taken(local_.not_taken());
  dry_left_ = end_sent_ ? 0 : unread(local_.socket());
  if (dry_left_ == 0) return lose(error);
  stream_.reset(dry_left_);  // reading the local side continues, and ends it
}

/// The other side was reset: the local side still gets what came before, unless it takes nothing.
void pump::break_stream(error_code error) {
  if (over_ || stream_broken_) return;
  if (local_broken_ || !opened_ || error != errc::reset || !local_.is_open()) return lose(error);
  stream_broken_ = error;
  patience_.emplace(is_near(local_.socket()) ? patience::near : patience::far);
  look_in_ = {};
  check_reset();
}

void pump::check_reset() {
  const auto left = local_.not_taken();
  if (read_out_ && left == 0) return lose(stream_broken_);
  const auto now = patience::time::clock::now();
  const auto taken = local_.written() - std::min<std::uint64_t>(local_.written(), left);
  if (!blocked_ && !read_out_) patience_->restart(now, taken);
  if (patience_->is_over(now, taken)) return lose(stream_broken_, true);
  look_in_ = std::clamp(2 * look_in_, first_look, reset_look);
  owner_->schedule(*this, look_in_);
}

void pump::lose(error_code error, bool drop) {
  end how{error, stream_.refusal(), opened_, 0};
  how.unconfirmed = stream_.unconfirmed();
  if (local_.is_open()) tell_taken(local_.not_taken());
  drop ? stream_.abort() : stream_.reset();
  local_.abort();
  tell(how);
}

/// All that is missing is the other side's report that its program has taken everything.
void pump::complete() {
  local_.close();
  stream_.async_wait(gof::stream::wait_taken, [self = shared_from_this()](error_code error) {
    if (self->over_) return;
    if (error) return self->lose(error);
    self->stream_.close();
    self->tell({{}, {}, self->opened_, 0});
  });
}

void pump::tell(const end& how) {
  over_ = true;
  --counts_->open;
  if (owner_) owner_->handle_over(*this, how);
}

}  // namespace gof::forward
