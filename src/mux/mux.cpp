#include "mux/mux.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace gof::core {
namespace {

using wire::stream_frame;

template <class Message>
constexpr bool brings_credit =
    std::is_same_v<Message, wire::stream_accept> || std::is_same_v<Message, wire::stream_credit>;

}  // namespace

mux::mux(bool is_client, std::uint16_t sctp_streams, std::size_t largest_message, credit_budget& budget,
         const credit_key& key)
    : is_client_(is_client),
      largest_message_(largest_message),
      share_(budget, key),
      next_(is_client ? 1 : 2),
      load_(sctp_streams) {}

// ---- commands

mux::number mux::open(instant now, const std::string& service, const grant_id& grant, const grant_mac& mac,
                      wire::open_options options) {
  return begin(now, {0, grant, mac, 0, service, false, std::move(options)});
}

mux::number mux::probe(instant now, const std::string& service, const grant_id& grant, const grant_mac& mac,
                       wire::open_options options) {
  return begin(now, {0, grant, mac, 0, service, true, std::move(options)});
}

mux::number mux::begin(instant now, wire::stream_open asked) {
  const auto n = next_;
  next_ += 2;
  if (!asked.probe && !share_.admits_stream()) {
    events_.emplace_back(refused{n, wire::reason::busy, {}});
    return n;
  }
  auto& s = start(now, n, load_.least_used(), receiving::first_window, asked.probe);
  s.ours = true;
  asked.number = n;
  asked.credit = static_cast<std::uint32_t>(s.in.limit());
  s.opening = std::make_unique<wire::stream_open>(std::move(asked));
  turns_.add(s);
  return n;
}

void mux::accept(number n) {
  if (auto* s = find(n); s != nullptr && s->accept()) turns_.add(*s);
}

void mux::confirm(number n) {
  if (auto* s = find(n); s != nullptr && s->confirm()) turns_.add(*s);
}

void mux::refuse(number n, wire::reason why, const std::string& text) {
  if (auto* s = find(n); s != nullptr && s->refuse(why, text)) turns_.add(*s);
}

std::size_t mux::write(number n, const_bytes data) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return 0;
  const auto taken = s->out.write(data);
  turns_.add(*s);
  return taken;
}

mutable_bytes mux::prepare(number n, std::size_t size) {
  auto* s = find(n);
  return s == nullptr || s->abandoned ? mutable_bytes() : s->out.prepare(size);
}

void mux::commit(number n, std::size_t size) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->out.commit(size);
  turns_.add(*s);
}

void mux::finish(number n) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->out.finish();
  turns_.add(*s);
}

bool mux::await_room(number n, std::size_t size) {
  auto* s = find(n);
  return s == nullptr || s->out.await_room(size);
}

void mux::reset(number n, wire::reason why, std::uint64_t more) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->reset(why, more);
  settle(*s);
}

void mux::abort(number n, wire::reason why) {
  auto* s = find(n);
  if (s == nullptr) return;
  s->abort(why);
  settle(*s);
}

void mux::limit_messages(std::size_t data) {
  most_data_ = data;
  turns_.limit_turns(data);
}

void mux::hold_taken(number n) {
  if (auto* s = find(n)) s->holds_taken = true;
}

void mux::taken(number n, std::uint64_t offset) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->handle_taken(offset, events_);
  settle(*s);
}

const_bytes mux::front(number n) const {
  const auto* s = find(n);
  return s == nullptr ? const_bytes{} : s->in.front();
}

void mux::consume(instant now, number n, std::size_t size) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->consume(now, size, round_trip_, events_);
  if (const auto quick = s->in.poll_quick()) is_quick_ = *quick;
  if (s->in.credit_due()) turns_.add_credit(*s);
  settle(*s);
}

std::size_t mux::front(number n, std::span<const_bytes> into) const {
  const auto* s = find(n);
  return s == nullptr ? 0 : s->in.front(into);
}

bool mux::at_end(number n) const {
  const auto* s = find(n);
  return s != nullptr && s->in.at_end();
}

// ---- inputs

void mux::handle_message(instant now, std::uint16_t sctp_stream, std::uint32_t kind, buffer&& data) {
  if (!wire::known_stream_frame(kind)) return;
  const auto message = wire::decode_stream(kind, data);
  if (!message) return violate("a malformed stream frame");
  if (const auto* d = std::get_if<wire::stream_data>(&*message)) {
    if (auto* s = find(d->number)) s->handle_data(now, std::move(data), events_);
    return;
  }
  if (const auto* asked = std::get_if<wire::stream_open>(&*message))
    return handle_open(now, sctp_stream, *asked);
  std::visit(
      [this](const auto& m) {
        if constexpr (requires(mux_stream & s) { s.handle(m, events_); })
          if (auto* s = find(m.number)) {
            s->handle(m, events_);
            if constexpr (brings_credit<std::decay_t<decltype(m)>>) watch_idle(*s, false);
            settle(*s);
          }
      },
      *message);
}

void mux::handle_open(instant now, std::uint16_t sctp_stream, const wire::stream_open& m) {
  if ((m.number % 2 == 1) == is_client_ || streams_.contains(m.number) || sctp_stream == 0)
    return violate("an opening with a number that is not its to use");
  if (streams_.size() >= most_streams || (!m.probe && !share_.admits_stream())) {
    if (!turns_.add({sctp_stream, {m.number, wire::reason::busy, {}}})) violate("openings without end");
    return;
  }
  start(now, m.number, sctp_stream, m.credit, m.probe);
  events_.emplace_back(incoming{m});
}

void mux::handle_timeout(instant now) {
  for (const auto* e = idle_.front(); e != nullptr && *e->since + idle_time() <= now; e = idle_.front()) {
    auto& s = *find(e->stream);
    leave_idle(s);
    s.return_due = true;
    turns_.add(s);
  }
}

// ---- outputs

std::optional<mux::outgoing> mux::poll_message() {
  const auto next = turns_.next();
  if (next.from == scheduler::source::none) return std::nullopt;
  auto m = compose(next);
  polled_kind_ = m.kind;
  polled_whole_ = m.whole().size();
  polled_data_ = m.waited.empty() ? 0 : m.waited.size() - wire::stream_data::head_size;
  return m;
}

mux::outgoing mux::compose(const scheduler::choice& next) {
  switch (next.from) {
    case scheduler::source::credit: {
      const wire::stream_credit credit{next.of->number, next.of->in.limit()};
      return {0, stream_frame::credit, credit.encode(), {}};
    }
    case scheduler::source::refusal: {
      const auto& refusal = turns_.next_refusal();
      return {refusal.sctp_stream, stream_frame::refuse, refusal.message.encode(), {}};
    }
    default: return next.of->next(same_host_, most_data_);
  }
}

void mux::handle_sent() {
  idle_.handle_sent(polled_whole_);
  const auto sent = turns_.handle_sent();
  if (sent.from == scheduler::source::credit) sent.of->in.handle_credit_sent();
  if (sent.from == scheduler::source::stream) handle_stream_sent(*sent.of);
}

void mux::handle_stream_sent(mux_stream& s) {
  const bool data = polled_kind_ == stream_frame::data;
  s.handle_sent(polled_kind_, polled_data_, events_);
  if (data || polled_kind_ == stream_frame::accept) watch_idle(s, data);
  if (!s.over && !turns_.charge(s, polled_data_)) s.finish_if_done(events_);
  if (s.over) erase(s);
}

std::optional<instant> mux::poll_timeout() const {
  const auto* first = idle_.front();
  if (first == nullptr) return std::nullopt;
  return *first->since + idle_time() + idle_time() / 4;
}

std::size_t mux::held_bytes() const {
  std::size_t held = 0;
  for (const auto& [n, s] : streams_) held += s->in.held() + s->out.size();
  return held;
}

std::vector<mux::number> mux::numbers() const {
  std::vector<number> all;
  for (const auto& [n, s] : streams_) all.push_back(n);
  return all;
}

// ---- streams

mux_stream* mux::find(number n) const {
  const auto found = streams_.find(n);
  return found == streams_.end() ? nullptr : found->second.get();
}

mux_stream& mux::start(instant now, number n, std::uint16_t sctp_stream, std::uint64_t send_limit,
                       bool is_probe) {
  auto made = std::make_unique<mux_stream>(now, share_, n, send_limit, largest_message_,
                                           is_probe ? 0 : first_window());
  made->is_probe = is_probe;
  made->sctp_stream = load_.enter(sctp_stream);
  return *streams_.emplace(n, std::move(made)).first->second;
}

/// At a distance a small window costs a round trip before a stream is fast; a large one on a slow path makes
/// all others wait.
std::size_t mux::first_window() const {
  constexpr auto far = receiving::far_window_at_first;
  return is_quick_ && share_.has_room(far - receiving::first_window, far) ? far : receiving::first_window;
}

void mux::erase(mux_stream& s) {
  leave_idle(s);
  load_.leave(s.sctp_stream);
  streams_.erase(streams_.find(s.number));
}

/// For a stream that may have something to send now, or may be over.
void mux::settle(mux_stream& s) {
  if (s.over) return erase(s);
  turns_.add(s);
}

/// A stream that has just sent moves to the end. CREDIT alone does not show that the stream is in use.
void mux::watch_idle(mux_stream& s, bool used) {
  if (!s.may_give_back())
    leave_idle(s);
  else if (!s.idle_place)
    s.idle_place = idle_.enter(s.number);
  else if (used)
    idle_.renew(*s.idle_place);
}

void mux::leave_idle(mux_stream& s) {
  if (s.idle_place) idle_.leave(*s.idle_place);
  s.idle_place.reset();
}

}  // namespace gof::core
