// Streams as the peer of a session may abuse them: any message at any time, mixed with what a forward does.
// What is held stays within buffers and windows, and nothing is held after the end.
#include "mux/mux.hpp"

#include "check.hpp"
#include "input.hpp"

using namespace gof;

namespace {

constexpr std::uint16_t sctp_streams = 8;
constexpr std::size_t largest = 64'972;

class run {
 public:
  explicit run(const_bytes input)
      : in_(input), how_(in_.byte()), at_(how_ & 1, sctp_streams, largest, budget_, {}) {
    if (how_ & 2) at_.handle_round_trip(100ms);
    if (how_ & 4) at_.handle_same_host(true);
  }

  void all() {
    while (!in_.over() && !hostile_) {
      step();
      settle();
    }
    for (const auto n : at_.numbers()) at_.abort(n, wire::reason::none);
    settle();
    if (!hostile_) fuzz::check(at_.size() == 0 && at_.held_bytes() == 0 && budget_.granted() == 0);
  }

 private:
  fuzz::script in_;
  std::uint8_t how_;
  core::credit_budget budget_;
  core::mux at_;
  instant now_{1000s};
  bool hostile_ = false;

  core::mux::number number() { return in_.byte() % 16; }
  static wire::open_options options() {
    wire::open_options made;
    made.client = {false, {127, 0, 0, 1}, 40'000};
    made.listeners.assign(2, {true, {}, 5055});
    return made;
  }

  void step() {
    const auto what = in_.byte();
    now_ += what >= 240 ? core::mux::shortest_idle : 1ms;
    at_.handle_timeout(now_);
    at_.handle_arrived(now_, what % 2 == 0 ? 0 : largest);
    switch (what % 12) {
      case 0: at_.open(now_, "web", {}, {}, options()); break;
      case 1: at_.probe(now_, "web", {}, {}, options()); break;
      case 2: at_.accept(number()); break;
      case 3: at_.confirm(number()); break;
      case 4: at_.refuse(number(), wire::reason::target_refused, "no"); break;
      case 5: {
        const auto n = number();
        at_.write(n, bytes(in_.size(), 7));
        break;
      }
      case 6: at_.finish(number()); break;
      case 7: end(what / 12 % 5); break;
      case 8: {
        const auto n = number();
        at_.consume(now_, n, std::min(in_.size(), at_.front(n).size()));
        (void)at_.at_end(n);
        break;
      }
      case 9: {  // a well-formed message of a stream that may exist
        const auto code = in_.byte();
        const auto kind = code >= 240 ? 11u - code % 2 : 1u + code % 9;
        const auto stream = static_cast<std::uint16_t>(in_.below(sctp_streams));
        bytes message(8);
        message[7] = in_.byte() % 16;
        append(message, in_.block());
        if (kind == static_cast<std::uint32_t>(wire::stream_frame::data))
          message.resize(message.size() + in_.size() % largest);
        at_.handle_message(now_, stream, kind, buffer(message));
        break;
      }
      case 10: {
        wire::stream_open asked;
        asked.number = in_.byte();
        asked.credit = static_cast<std::uint32_t>(in_.size());
        asked.probe = in_.flag();
        if (asked.probe) asked.credit = 0;
        asked.service = "web";
        if (in_.flag()) asked.options = options();
        at_.handle_message(now_, static_cast<std::uint16_t>(1 + in_.below(sctp_streams - 1)),
                           asked.probe ? 8 : 1, buffer(asked.encode()));
        break;
      }
      default: {
        const auto kind = in_.byte();
        const auto stream = in_.byte();
        const auto body = in_.block();
        at_.handle_message(now_, stream, kind, buffer(body));
      }
    }
  }

  void end(int how) {
    const auto n = number();
    switch (how) {
      case 0: return at_.reset(n, wire::reason::reset);
      case 1: return at_.reset(n, wire::reason::reset, in_.size());
      case 2: return at_.abort(n, wire::reason::reset);
      case 3: return at_.hold_taken(n);
      default: return at_.taken(n, in_.size());
    }
  }

  void settle() {
    while (auto e = at_.poll_event()) hostile_ |= std::holds_alternative<core::mux::violation>(*e);
    for (auto out = at_.poll_message(); out; out = at_.poll_message()) {
      const auto whole = out->whole();
      fuzz::check(whole.size() <= largest && out->sctp_stream < sctp_streams);
      const auto sent = wire::decode_stream(static_cast<std::uint32_t>(out->kind), whole);
      fuzz::check(sent.has_value());
      if (const auto* asked = std::get_if<wire::stream_open>(&*sent); asked && !(how_ & 4))
        fuzz::check(asked->options.empty());
      at_.handle_sent();
    }
    const auto most = core::sending::buffer_limit + core::receiving::far_window;
    fuzz::check(at_.held_bytes() <= at_.size() * most);
    fuzz::check(budget_.granted() <= core::credit_budget::limit);
    if (const auto due = at_.poll_timeout())  // everything due was done, or the node would wake for ever
      fuzz::check(*due > now_);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  run({data, size}).all();
  return 0;
}
