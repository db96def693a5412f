#include "mux/mux.hpp"

#include <cassert>
#include <utility>

namespace gof::core {

using wire::stream_frame;

bool mux::stream::sendable() const {
  if (opening || answer || (rst && !rst->told)) return true;
  return may_send_data() && (out.has_next() || out.finish_due() || taken_due() || gives_back());
}

/// A FIN that says so makes a frame of its own needless.
bool mux::stream::taken_due() const {
  return in.finished() && in.taken() == in.received() && taken_told < in.taken() && !rst && !peer_rst;
}

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
  return begin(now, {0, grant, mac, receiving::first_window, service, false, std::move(options)});
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
  s.opening = std::move(asked);
  schedule(n, s);
  return n;
}

void mux::accept(number n) {
  auto* s = find(n);
  if (s == nullptr || s->ours || s->accepted || s->is_probe || s->answer) return;
  s->accepted = true;
  s->answer = wire::stream_accept{n, static_cast<std::uint32_t>(s->in.limit())};
  schedule(n, *s);
}

void mux::confirm(number n) {
  auto* s = find(n);
  if (s == nullptr || s->ours || !s->is_probe || s->answer) return;
  s->answer = wire::stream_probed{n};
  schedule(n, *s);
}

void mux::refuse(number n, wire::reason why, const std::string& text) {
  auto* s = find(n);
  if (s == nullptr || s->ours || s->accepted || s->answer) return;
  s->answer = wire::stream_refuse{n, why, text.substr(0, wire::stream_refuse::longest_text)};
  s->in.discard();
  s->abandoned = true;
  schedule(n, *s);
}

std::size_t mux::write(number n, const_bytes data) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return 0;
  const auto taken = s->out.write(data);
  schedule(n, *s);
  return taken;
}

void mux::finish(number n) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->out.finish();
  schedule(n, *s);
}

bool mux::await_room(number n, std::size_t size) {
  auto* s = find(n);
  return s == nullptr || s->out.await_room(size);
}

void mux::reset(number n, wire::reason why, std::uint64_t more) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  if (s->opening && s->out.written() + more == 0) return erase(n);
  if (!s->ours && !s->accepted) return refuse(n, why, {});
  if (s->rst) {
    if (s->out.written() < s->rst->offset) return abort(n, why);
    s->abandoned = true;
    if (s->reset_is_over()) erase(n);
    return;
  }
  const auto end = s->out.written() + (s->peer_rst ? 0 : more);
  s->abandoned = end == s->out.written();
  s->rst = last{why, end};
  s->out.end_at(end);
  s->in.discard();
  schedule(n, *s);
}

void mux::abort(number n, wire::reason why) {
  auto* s = find(n);
  if (s == nullptr) return;
  const bool ends_later = s->rst && s->out.size() > 0;  // a reset behind what waits for credit
  if (s->abandoned && !ends_later) return;
  if (s->opening) return erase(n);
  if (!s->ours && !s->accepted) return refuse(n, why, {});
  s->abandoned = true;
  s->answer.reset();
  s->out.discard();
  s->in.discard();
  s->rst = last{why, s->out.sent()};
  schedule(n, *s);
}

void mux::hold_taken(number n) {
  if (auto* s = find(n)) s->holds_taken = true;
}

void mux::taken(number n, std::uint64_t offset) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->in.handle_taken(offset);
  schedule(n, *s);
  finish_if_done(n, *s);
}

const_bytes mux::front(number n) const {
  const auto* s = find(n);
  return s == nullptr ? const_bytes{} : s->in.front();
}

void mux::consume(instant now, number n, std::size_t size) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned) return;
  s->in.consume(now, size, round_trip_);
  if (!s->holds_taken) s->in.handle_taken(s->in.consumed());
  s->told_readable = false;
  if (s->in.credit_due() && !s->credit_ready) {
    s->credit_ready = true;
    credit_ready_.push_back(n);
  }
  if (!s->in.front().empty()) tell_readable(n, *s);
  schedule(n, *s);
  finish_if_done(n, *s);
}

bool mux::at_end(number n) const {
  const auto* s = find(n);
  return s != nullptr && s->in.at_end();
}

// ---- inputs

void mux::handle_message(instant now, std::uint16_t sctp_stream, std::uint32_t kind, bytes&& data) {
  if (!wire::known_stream_frame(kind)) return;
  const auto message = wire::decode_stream(kind, data);
  if (!message) return violate("a malformed stream frame");
  if (std::holds_alternative<wire::stream_data>(*message))
    return handle_data(now, std::get<wire::stream_data>(*message).number, std::move(data));
  if (const auto* asked = std::get_if<wire::stream_open>(&*message)) return handle(now, sctp_stream, *asked);
  std::visit(
      [this](const auto& m) {
        if constexpr (requires { handle(m); }) handle(m);
      },
      *message);
}

void mux::handle(instant now, std::uint16_t sctp_stream, const wire::stream_open& m) {
  if ((m.number % 2 == 1) == is_client_ || streams_.contains(m.number) || sctp_stream == 0)
    return violate("an opening with a number that is not its to use");
  if (streams_.size() >= most_streams || (!m.probe && !share_.admits_stream())) {
    if (refusals_.size() >= most_refusals) return violate("openings without end");
    refusals_.push_back({sctp_stream, {m.number, wire::reason::busy, {}}});
    return;
  }
  start(now, m.number, sctp_stream, m.credit, m.probe);
  events_.emplace_back(incoming{m});
}

void mux::handle(const wire::stream_accept& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  if (!s->ours || s->accepted || s->is_probe || s->opening) return violate("an ACCEPT nobody waits for");
  s->accepted = true;
  s->out.handle_credit(m.credit);
  if (!s->rst) events_.emplace_back(accepted{m.number});
  watch_idle(m.number, *s, false);
  schedule(m.number, *s);
}

void mux::handle(const wire::stream_refuse& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  if (!s->ours || s->accepted || s->opening) return violate("a REFUSE nobody waits for");
  if (!s->abandoned) events_.emplace_back(refused{m.number, m.why, m.text});
  erase(m.number);
}

void mux::handle(const wire::stream_probed& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  if (!s->ours || !s->is_probe || s->opening) return violate("a PROBED nobody waits for");
  if (!s->abandoned) events_.emplace_back(probed{m.number});
  erase(m.number);
}

void mux::handle_data(instant now, number n, bytes&& message) {
  auto* s = find(n);
  if (s == nullptr || s->abandoned || s->rst) return;
  if (s->is_probe || (s->ours && s->opening)) return violate("DATA where none belongs");
  if (!s->in.handle_data(now, std::move(message), wire::stream_data::head_size))
    return violate("DATA beyond the credit");
  if (s->peer_rst && s->in.received() > s->peer_rst->offset) return violate("DATA behind a reset");
  tell_readable(n, *s);
}

void mux::handle(const wire::stream_fin& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  confirm_taken(m.number, *s, m.taken);
  if (s->abandoned || s->rst) return;
  if (s->is_probe || s->peer_rst || !s->in.handle_finish()) return violate("a second FIN");
  s->told_readable = false;
  tell_readable(m.number, *s);
  schedule(m.number, *s);
  finish_if_done(m.number, *s);
}

void mux::handle(const wire::stream_taken& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  confirm_taken(m.number, *s, m.taken);
  finish_if_done(m.number, *s);
}

void mux::confirm_taken(number n, stream& s, std::uint64_t offset) {
  if (offset > s.out.sent()) return violate("more was taken than was sent");
  if (offset <= s.taken_there) return;
  s.taken_there = offset;
  if (!s.abandoned) events_.emplace_back(confirmed{n, offset});
}

/// Of what we send nobody takes any more; what the other side sent before is still to be read.
void mux::handle(const wire::stream_rst& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  confirm_taken(m.number, *s, m.taken);
  const bool ended = s->rst || s->abandoned;
  if (!ended && (m.offset < s->in.received() || (s->in.finished() && m.offset > s->in.received()) ||
                 (s->peer_rst && m.offset > s->peer_rst->offset)))
    return violate("a reset at an offset that cannot be");
  const bool first = !s->peer_rst;
  s->peer_rst = last{m.why, m.offset};
  s->out.discard();
  if (!ended && !s->peer_reset_is_over()) {
    if (first) events_.emplace_back(ending{m.number, m.why});
    return;
  }
  if (!s->abandoned) events_.emplace_back(reset_by_peer{m.number, m.why});
  s->abandoned = true;
  // Our last word still goes, or the other side would wait for credit for what is left of its own.
  if (s->rst && !s->rst->told)
    s->rst->offset = s->out.sent();
  else if (!ended || !s->answer)
    erase(m.number);
}

void mux::handle(const wire::stream_credit& m) {
  auto* s = find(m.number);
  if (s == nullptr) return;
  s->out.handle_credit(m.limit);
  if (s->out.poll_room()) events_.emplace_back(writable{m.number});
  watch_idle(m.number, *s, false);
  schedule(m.number, *s);
}

void mux::handle(const wire::stream_return& m) {
  auto* s = find(m.number);
  if (s == nullptr || s->abandoned || s->rst) return;
  if (!s->accepted || s->answer || s->peer_rst || !s->in.handle_return(m.seen, m.keeps))
    return violate("a RETURN of credit that it does not have");
}

void mux::handle_timeout(instant now) {
  for (const auto* e = idle_.front(); e != nullptr && *e->since + idle_time() <= now; e = idle_.front()) {
    const auto n = e->stream;
    auto& s = *find(n);
    leave_idle(s);
    s.return_due = true;
    schedule(n, s);
  }
}

// ---- outputs

std::optional<mux::outgoing> mux::poll_message() {
  auto next = next_message();
  polled_whole_ = next ? next->whole().size() : 0;
  return next;
}

std::optional<mux::outgoing> mux::next_message() {
  while (!credit_ready_.empty()) {
    const auto n = credit_ready_.front();
    if (auto* s = find(n); s != nullptr && !s->abandoned && !s->in.finished()) {
      polled_ = source::credit;
      return outgoing{0, stream_frame::credit, wire::stream_credit{n, s->in.limit()}.encode(), {}};
    }
    credit_ready_.pop_front();
  }
  if (!refusals_.empty()) {
    polled_ = source::refusal;
    return outgoing{
        refusals_.front().sctp_stream, stream_frame::refuse, refusals_.front().message.encode(), {}};
  }
  while (!ready_.empty()) {
    const auto n = ready_.front();
    auto* s = find(n);
    if (s != nullptr && s->sendable()) {
      if (s->deficit <= 0) s->deficit += quantum;
      polled_ = source::stream;
      return compose(n, *s);
    }
    if (s != nullptr) s->ready = false;
    ready_.pop_front();
  }
  polled_ = source::none;
  return std::nullopt;
}

mux::outgoing mux::compose(number n, stream& s) {
  outgoing m;
  m.sctp_stream = s.sctp_stream;
  if (s.opening) {
    // Only now: the peer's proof may have come since the stream was begun.
    if (!same_host_) s.opening->options.remove_host();
    m.kind = s.opening->probe ? stream_frame::probe : stream_frame::open;
    m.made = s.opening->encode();
  } else if (s.answer) {
    const auto& answer = *s.answer;
    m.kind = std::holds_alternative<wire::stream_accept>(answer)   ? stream_frame::accept
             : std::holds_alternative<wire::stream_refuse>(answer) ? stream_frame::refuse
                                                                   : stream_frame::probed;
    std::visit(
        [&m](const auto& a) {
          if constexpr (requires { a.encode(); }) m.made = a.encode();
        },
        answer);
  } else if (s.rst && !s.rst->told) {  // ahead of data: those may wait for credit
    m.kind = stream_frame::rst;
    m.made = wire::stream_rst{n, s.rst->why, s.rst->offset, s.in.taken()}.encode();
  } else if (s.taken_due() && !s.out.finish_due()) {
    m.kind = stream_frame::taken;
    m.made = wire::stream_taken{n, s.in.taken()}.encode();
  } else if (s.out.has_next()) {
    m.kind = stream_frame::data;
    const auto whole = s.out.next();
    const auto head = wire::stream_data{n, {}}.encode_head();
    std::copy(head.begin(), head.end(), whole.begin());
    m.waited = whole;
  } else if (s.gives_back()) {
    m.kind = stream_frame::returned;
    m.made = wire::stream_return{n, s.out.limit(), s.out.kept_limit()}.encode();
  } else {
    m.kind = stream_frame::fin;
    m.made = wire::stream_fin{n, s.in.taken()}.encode();
  }
  polled_kind_ = m.kind;
  polled_size_ = m.waited.empty() ? 0 : m.waited.size() - wire::stream_data::head_size;
  return m;
}

void mux::handle_sent() {
  idle_.handle_sent(polled_whole_);
  switch (std::exchange(polled_, source::none)) {
    case source::none: assert(false); break;
    case source::credit: {
      auto* s = find(credit_ready_.front());
      s->credit_ready = false;
      s->in.handle_credit_sent();
      credit_ready_.pop_front();
      break;
    }
    case source::refusal: refusals_.pop_front(); break;
    case source::stream: handle_stream_sent(); break;
  }
}

void mux::handle_stream_sent() {
  const auto n = ready_.front();
  auto* s = find(n);
  switch (polled_kind_) {
    case stream_frame::refuse:
    case stream_frame::probed: ready_.pop_front(); return erase(n);
    case stream_frame::rst: s->rst->told = true; break;
    case stream_frame::open:
    case stream_frame::probe: s->opening.reset(); break;
    case stream_frame::accept:
      s->answer.reset();
      watch_idle(n, *s, false);
      break;
    case stream_frame::returned:
      s->out.give_back();
      s->return_due = false;
      break;
    case stream_frame::data:
      s->out.handle_sent(polled_size_);
      s->return_due = false;
      watch_idle(n, *s, true);
      if (s->out.poll_room()) events_.emplace_back(writable{n});
      break;
    case stream_frame::taken: s->taken_told = s->in.taken(); break;
    default:
      s->out.handle_finish_sent();
      s->taken_told = s->in.taken();
      break;
  }
  if (s->abandoned && s->reset_is_over()) {
    ready_.pop_front();
    return erase(n);
  }
  s->deficit -= static_cast<std::ptrdiff_t>(polled_size_ + 64);
  ready_.pop_front();
  if (!s->sendable()) {
    s->ready = false;
    s->deficit = 0;
    return finish_if_done(n, *s);
  }
  if (s->deficit > 0)
    ready_.push_front(n);
  else
    ready_.push_back(n);
}

std::optional<mux::event> mux::poll_event() {
  if (events_.empty()) return std::nullopt;
  auto e = std::move(events_.front());
  events_.pop_front();
  return e;
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

mux::stream* mux::find(number n) const {
  const auto found = streams_.find(n);
  return found == streams_.end() ? nullptr : found->second.get();
}

mux::stream& mux::start(instant now, number n, std::uint16_t sctp_stream, std::uint64_t send_limit,
                        bool is_probe) {
  const auto window = is_probe ? 0 : receiving::first_window;
  auto made = std::make_unique<stream>(now, share_, send_limit, largest_message_, window);
  made->is_probe = is_probe;
  made->sctp_stream = load_.enter(sctp_stream);
  return *streams_.emplace(n, std::move(made)).first->second;
}

void mux::erase(number n) {
  const auto found = streams_.find(n);
  leave_idle(*found->second);
  load_.leave(found->second->sctp_stream);
  streams_.erase(found);
}

/// Whoever has just sent goes to the end; a CREDIT does not show that it is used.
void mux::watch_idle(number n, stream& s, bool used) {
  if (!s.may_give_back())
    leave_idle(s);
  else if (!s.idle_place)
    s.idle_place = idle_.enter(n);
  else if (used)
    idle_.renew(*s.idle_place);
}

void mux::leave_idle(stream& s) {
  if (s.idle_place) idle_.leave(*s.idle_place);
  s.idle_place.reset();
}

void mux::schedule(number n, stream& s) {
  if (s.ready || !s.sendable()) return;
  s.ready = true;
  ready_.push_back(n);
}

void mux::finish_if_done(number n, stream& s) {
  if (s.peer_reset_is_over()) {
    if (!s.abandoned) events_.emplace_back(reset_by_peer{n, s.peer_rst->why});
    return erase(n);
  }
  if (s.abandoned || s.rst || s.peer_rst || !s.out.finished() || !s.in.at_end() || s.answer || s.opening)
    return;
  if (s.taken_there < s.out.sent() || s.taken_told < s.in.received()) return;
  events_.emplace_back(done{n});
  erase(n);
}

void mux::tell_readable(number n, stream& s) {
  if (s.told_readable) return;
  s.told_readable = true;
  events_.emplace_back(readable{n});
}

}  // namespace gof::core
