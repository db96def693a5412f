#include "mux/stream.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace gof::core {
namespace {

void violate(const char* what, mux_event::queue& events) {
  events.emplace_back(mux_event::violation{what});
}

}  // namespace

using mux_event::queue;
using wire::stream_frame;

// ---- commands

bool mux_stream::accept() {
  if (ours || accepted || is_probe || answer) return false;
  accepted = true;
  answer = std::make_unique<wire::stream_message>(
      wire::stream_accept{number, static_cast<std::uint32_t>(in.limit())});
  return true;
}

bool mux_stream::confirm() {
  if (ours || !is_probe || answer) return false;
  answer = std::make_unique<wire::stream_message>(wire::stream_probed{number});
  return true;
}

bool mux_stream::refuse(wire::reason why, const std::string& text) {
  if (ours || accepted || answer) return false;
  answer = std::make_unique<wire::stream_message>(
      wire::stream_refuse{number, why, text.substr(0, wire::stream_refuse::longest_text)});
  in.discard();
  abandoned = true;
  return true;
}

void mux_stream::reset(wire::reason why, std::uint64_t more) {
  if (opening && out.written() + more == 0) {
    over = true;
  } else if (!ours && !accepted) {
    refuse(why, {});
  } else if (!rst) {
    const auto end = out.written() + (peer_rst ? 0 : more);
    abandoned = end == out.written();
    rst = last{why, end};
    out.end_at(end);
    in.discard();
  } else if (out.written() < rst->offset) {
    abort(why);
  } else {
    abandoned = true;
    over = reset_is_over();
  }
}

void mux_stream::abort(wire::reason why) {
  const bool ends_later = rst && out.size() > 0;  // a reset that waits until the data before it has credit
  if (abandoned && !ends_later) return;
  if (opening) {
    over = true;
  } else if (!ours && !accepted) {
    refuse(why, {});
  } else {
    abandoned = true;
    answer.reset();
    out.discard();
    in.discard();
    rst = last{why, out.sent()};
  }
}

void mux_stream::consume(instant now, std::size_t size, duration round_trip, queue& events) {
  in.consume(now, size, round_trip);
  if (!holds_taken) in.handle_taken(in.consumed());
  told_readable = false;
  if (!in.front().empty()) tell_readable(events);
  finish_if_done(events);
}

void mux_stream::handle_taken(std::uint64_t offset, queue& events) {
  in.handle_taken(offset);
  finish_if_done(events);
}

// ---- what the other side says

void mux_stream::handle(const wire::stream_accept& m, queue& events) {
  if (!ours || accepted || is_probe || opening) return violate("an ACCEPT nobody waits for", events);
  accepted = true;
  out.handle_credit(m.credit);
  if (!rst) events.emplace_back(mux_event::accepted{number});
}

void mux_stream::handle(const wire::stream_refuse& m, queue& events) {
  if (!ours || accepted || opening) return violate("a REFUSE nobody waits for", events);
  if (!abandoned) events.emplace_back(mux_event::refused{number, m.why, m.text});
  over = true;
}

void mux_stream::handle(const wire::stream_probed&, queue& events) {
  if (!ours || !is_probe || opening) return violate("a PROBED nobody waits for", events);
  if (!abandoned) events.emplace_back(mux_event::probed{number});
  over = true;
}

void mux_stream::handle_data(instant now, buffer&& message, queue& events) {
  if (abandoned || rst) return;
  if (is_probe || (ours && opening)) return violate("DATA where none belongs", events);
  if (!in.handle_data(now, std::move(message), wire::stream_data::head_size))
    return violate("DATA beyond the credit", events);
  if (peer_rst && in.received() > peer_rst->offset) return violate("DATA behind a reset", events);
  tell_readable(events);
}

void mux_stream::handle(const wire::stream_fin& m, queue& events) {
  confirm_taken(m.taken, events);
  if (abandoned || rst) return;
  if (is_probe || peer_rst || !in.handle_finish()) return violate("a second FIN", events);
  told_readable = false;
  tell_readable(events);
  finish_if_done(events);
}

void mux_stream::handle(const wire::stream_taken& m, queue& events) {
  confirm_taken(m.taken, events);
  finish_if_done(events);
}

/// Nobody takes what we send any more. What the other side sent before can still be read.
void mux_stream::handle(const wire::stream_rst& m, queue& events) {
  confirm_taken(m.taken, events);
  const bool ended = rst || abandoned;
  if (!ended && !may_be_reset_at(m.offset)) return violate("a reset at an offset that cannot be", events);
  const bool first = !peer_rst;
  peer_rst = last{m.why, m.offset};
  out.discard();
  if (!ended && !peer_reset_is_over()) {
    if (first) events.emplace_back(mux_event::ending{number, m.why});
    return;
  }
  if (!abandoned) events.emplace_back(mux_event::reset_by_peer{number, m.why});
  abandoned = true;
  // Our last frame is still sent. Without it the other side would wait for credit for the rest of its data.
  if (rst && !rst->told)
    rst->offset = out.sent();
  else if (!ended || !answer)
    over = true;
}

bool mux_stream::may_be_reset_at(std::uint64_t offset) const {
  if (offset < in.received() || (in.finished() && offset > in.received())) return false;
  return !peer_rst || offset <= peer_rst->offset;
}

void mux_stream::handle(const wire::stream_credit& m, queue& events) {
  out.handle_credit(m.limit);
  if (out.poll_room()) events.emplace_back(mux_event::writable{number});
}

void mux_stream::handle(const wire::stream_return& m, queue& events) {
  if (abandoned || rst) return;
  if (!accepted || answer || peer_rst || !in.handle_return(m.seen, m.keeps))
    violate("a RETURN of credit that it does not have", events);
}

void mux_stream::confirm_taken(std::uint64_t offset, queue& events) {
  if (offset > out.sent()) return violate("more was taken than was sent", events);
  if (offset <= taken_there) return;
  taken_there = offset;
  if (!abandoned) events.emplace_back(mux_event::confirmed{number, offset});
}

void mux_stream::tell_readable(queue& events) {
  if (std::exchange(told_readable, true)) return;
  events.emplace_back(mux_event::readable{number});
}

// ---- outputs

stream_output mux_stream::next(bool same_host, std::size_t most_data) {
  stream_output m;
  m.sctp_stream = sctp_stream;
  if (opening) {
    // Decided only now, as the peer's proof may have arrived since the stream was opened.
    if (!same_host) opening->options.remove_host();
    m.kind = opening->probe ? stream_frame::probe : stream_frame::open;
    m.made = opening->encode();
  } else if (answer) {
    m.kind = std::holds_alternative<wire::stream_accept>(*answer)   ? stream_frame::accept
             : std::holds_alternative<wire::stream_refuse>(*answer) ? stream_frame::refuse
                                                                    : stream_frame::probed;
    std::visit(
        [&m](const auto& a) {
          if constexpr (requires { a.encode(); }) m.made = a.encode();
        },
        *answer);
  } else if (rst && !rst->told) {  // before data, which may wait for credit
    m.kind = stream_frame::rst;
    m.made = wire::stream_rst{number, rst->why, rst->offset, in.taken()}.encode();
  } else if (taken_due() && !out.finish_due()) {
    m.kind = stream_frame::taken;
    m.made = wire::stream_taken{number, in.taken()}.encode();
  } else if (out.has_next()) {
    m.kind = stream_frame::data;
    const auto whole = out.next(most_data);
    wire::stream_data{number, {}}.encode_head(whole);
    m.waited = whole;
  } else if (gives_back()) {
    m.kind = stream_frame::returned;
    m.made = wire::stream_return{number, out.limit(), out.kept_limit()}.encode();
  } else {
    m.kind = stream_frame::fin;
    m.made = wire::stream_fin{number, in.taken()}.encode();
  }
  return m;
}

void mux_stream::handle_sent(stream_frame kind, std::size_t data, queue& events) {
  switch (kind) {
    case stream_frame::refuse:
    case stream_frame::probed: over = true; break;
    case stream_frame::rst: rst->told = true; break;
    case stream_frame::open:
    case stream_frame::probe: opening.reset(); break;
    case stream_frame::accept: answer.reset(); break;
    case stream_frame::returned:
      out.give_back();
      return_due = false;
      break;
    case stream_frame::data:
      out.handle_sent(data);
      return_due = false;
      if (out.poll_room()) events.emplace_back(mux_event::writable{number});
      break;
    case stream_frame::taken: taken_told = in.taken(); break;
    default:
      out.handle_finish_sent();
      taken_told = in.taken();
      break;
  }
  if (abandoned && reset_is_over()) over = true;
}

void mux_stream::finish_if_done(queue& events) {
  if (peer_reset_is_over()) {
    if (!abandoned) events.emplace_back(mux_event::reset_by_peer{number, peer_rst->why});
    over = true;
  } else if (is_done()) {
    events.emplace_back(mux_event::done{number});
    over = true;
  }
}

/// Both directions ended well, and both sides have taken every byte.
bool mux_stream::is_done() const {
  if (abandoned || rst || peer_rst || !out.finished() || !in.at_end() || answer || opening) return false;
  return taken_there >= out.sent() && taken_told >= in.received();
}

}  // namespace gof::core
