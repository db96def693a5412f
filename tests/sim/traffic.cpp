#include "traffic.hpp"

#include "support/event_text.hpp"

#include <gtest/gtest.h>

#include <charconv>

namespace gof::test {
namespace {

/// The content of direction `key` from `offset` on: a new random number for every eight bytes (splitmix64).
void content(unsigned key, std::uint64_t offset, mutable_bytes out) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto place = offset + i;
    if (i == 0 || place % 8 == 0) {
      value = (place / 8 + (std::uint64_t{key} << 40) + 1) * 0x9e3779b97f4a7c15u;
      value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
      value = (value ^ value >> 27) * 0x94d049bb133111ebu;
      value ^= value >> 31;
    }
    out[i] = static_cast<std::uint8_t>(value >> (place % 8 * 8));
  }
}

constexpr std::size_t step = 32 * 1024;  ///< bytes written at once

std::string service_of(unsigned number) {
  return "c" + std::to_string(number);
}

}  // namespace

void traffic::serve(host& at) {
  at.on_event = [this, &at](const core::event& e) { handle(at, e); };
}

conversation& traffic::open(host& from, const peer_id& to, const plan& p) {
  auto made = std::make_unique<conversation>();
  auto& c = *made;
  all_.push_back(std::move(made));
  c.number = static_cast<unsigned>(all_.size() - 1);
  c.asker.at = &from;
  c.asker.key = 2 * c.number;
  c.asker.length = p.up;
  c.answerer.key = 2 * c.number + 1;
  c.answerer.length = p.down;
  c.answerer.answers = p.answer;
  c.asker.finishes = c.answerer.finishes = !p.hold;
  c.asker.id = from.node().open(world_.now(), to, service_of(c.number));
  halves_[{from.index(), c.asker.id}] = {&c, &c.asker};
  world_.note(from.name() + " opens " + service_of(c.number) + ": " + std::to_string(p.up) + " up, " +
              std::to_string(p.down) + " down");
  write(c.asker);
  return c;
}

// ---- events

void traffic::handle(host& at, const core::event& e) {
  if (const auto* asked = std::get_if<core::stream_incoming>(&e)) return handle_incoming(at, *asked);
  if (const auto* over = std::get_if<core::stream_refused>(&e))
    return handle_over(at, over->stream, half::fate::refused, over->why);
  if (const auto* over = std::get_if<core::stream_reset>(&e))
    return handle_over(at, over->stream, half::fate::reset, over->why);
  if (const auto* over = std::get_if<core::stream_done>(&e))
    return handle_over(at, over->stream, half::fate::done, wire::reason::none);
  if (std::holds_alternative<core::stream_probed>(e)) ++probes_confirmed_;
  const auto about = [&](stream_id id) {
    const auto found = halves_.find({at.index(), id});
    if (found == halves_.end())
      ADD_FAILURE() << at.name() << " has an event of a stream that is over: " << text_of(e);
    return found == halves_.end() ? std::pair<conversation*, half*>{} : found->second;
  };
  if (const auto* yes = std::get_if<core::stream_accepted>(&e)) {
    if (const auto [c, h] = about(yes->stream); c != nullptr) {
      expect(!c->accepted, *h, "accepted twice");
      c->accepted = true;
    }
  } else if (const auto* room = std::get_if<core::stream_writable>(&e)) {
    if (const auto [c, h] = about(room->stream); c != nullptr) write(*h);
  } else if (const auto* more = std::get_if<core::stream_readable>(&e)) {
    if (const auto [c, h] = about(more->stream); c != nullptr) read(*c, *h);
  }
}

void traffic::handle_incoming(host& at, const core::stream_incoming& asked) {
  auto& node = at.node();
  const auto& known = tickets_[at.index()];
  const bool proved = std::any_of(known.begin(), known.end(), [&](const auto& t) {
    return t.grant == asked.grant && node.proves(asked.stream, world::token(t));
  });
  if (!proved)
    return node.refuse(world_.now(), asked.stream, wire::reason::not_allowed, "not with this ticket");
  if (asked.probe) return node.confirm(world_.now(), asked.stream);
  std::size_t number = all_.size();
  std::from_chars(asked.service.data() + 1, asked.service.data() + asked.service.size(), number);
  if (asked.service[0] != 'c' || number >= all_.size())
    return node.refuse(world_.now(), asked.stream, wire::reason::unknown_service, "no such service");
  auto& c = *all_[number];
  auto& h = c.answerer;
  expect(h.at == nullptr, h, "asked for twice");
  h.at = &at;
  h.id = asked.stream;
  halves_[{at.index(), h.id}] = {&c, &h};
  node.accept(world_.now(), h.id);
  write(h);
}

void traffic::handle_over(host& at, stream_id id, half::fate how, wire::reason why) {
  const auto found = halves_.find({at.index(), id});
  if (found == halves_.end()) {
    ADD_FAILURE() << at.name() << " has a second end of a stream";
    return;
  }
  auto [c, h] = found->second;
  end(*h, how, why);
  if (how == half::fate::refused) expect(!c->accepted, *h, "refused after it was accepted");
  if (how == half::fate::done) handle_done(*c, *h);
  const auto& from = other(*c, *h);
  if (how == half::fate::reset && why == wire::reason::reset && from.how == half::fate::let_go)
    expect(h->received == from.written, *h, "the reset overtook bytes before it");
}

/// A stream that is done has also ended at the other side, though that end may not have been read.
void traffic::handle_done(conversation& c, half& h) {
  h.saw_end = true;
  const auto& from = other(c, h);
  expect(from.finished && h.received == from.length, h, "done, but not after all that was sent");
  expect(h.finished && h.written == h.length, h, "done before all was written");
}

// ---- bytes

void traffic::write(half& h) {
  if (!h.is_open() || h.finished) return;
  const auto found = halves_.find({h.at->index(), h.id});
  if (found == halves_.end() || (h.answers && !h.saw_end)) return;
  bytes piece;
  while (h.written < h.length) {
    piece.resize(std::min<std::uint64_t>(step, h.length - h.written));
    content(h.key, h.written, piece);
    const auto taken = h.at->node().write(world_.now(), h.id, piece);
    h.written += taken;
    if (taken < piece.size()) break;
  }
  world_.kick(*h.at);
  if (h.written < h.length || !h.finishes) return;
  h.finished = true;
  h.at->node().finish(world_.now(), h.id);
}

void traffic::read(conversation& c, half& h) {
  if (!h.reading || !h.is_open()) return;
  auto& node = h.at->node();
  auto& from = other(c, h);
  for (auto front = node.readable(h.id); !front.empty(); front = node.readable(h.id)) {
    check(h, h.received, from.key, front);
    h.received += front.size();
    node.consume(world_.now(), h.id, front.size());
  }
  expect(h.received <= from.written, h, "more was received than was written");
  if (h.saw_end || !node.at_end(h.id)) return;
  h.saw_end = true;
  expect(from.finished && h.received == from.length, h, "a clean end, but not of all that was sent");
  if (h.answers) write(h);
}

void traffic::check(const half& h, std::uint64_t offset, unsigned key, const_bytes data) const {
  static thread_local bytes wanted;
  wanted.resize(data.size());
  content(key, offset, wanted);
  expect(std::equal(data.begin(), data.end(), wanted.begin()), h,
         "not the bytes that were sent, after byte " + std::to_string(offset));
}

void traffic::expect(bool holds, const half& h, const std::string& what) const {
  if (!holds)
    ADD_FAILURE() << "conversation " << h.key / 2 << (h.key % 2 ? ", answering" : ", asking") << " side"
                  << (h.at ? " at " + h.at->name() : "") << ", "
                  << std::chrono::duration<double>(world_.since_start()).count() << " s: " << what;
}

// ---- commands

void traffic::say(half& h, std::uint64_t size) {
  h.length += size;
  write(h);
}

void traffic::finish(half& h) {
  h.finishes = true;
  write(h);
}

void traffic::stop_reading(half& h) {
  h.reading = false;
}

void traffic::go_on_reading(half& h) {
  h.reading = true;
  if (!h.is_open()) return;
  if (const auto found = halves_.find({h.at->index(), h.id}); found != halves_.end())
    read(*found->second.first, h);
  world_.kick(*h.at);
}

void traffic::finish_early(half& h) {
  if (!h.is_open() || h.finished) return;
  h.length = h.written;
  h.finished = true;
  h.at->node().finish(world_.now(), h.id);
  world_.kick(*h.at);
}

void traffic::reset(half& h) {
  if (!h.is_open()) return;
  world_.note(h.at->name() + " resets " + service_of(h.key / 2));
  h.at->node().reset(world_.now(), h.id);
  world_.kick(*h.at);
  end(h, half::fate::let_go);
}

void traffic::handle_killed(const host& at) {
  for (const auto& c : all_)
    for (auto* h : {&c->asker, &c->answerer})
      if (h->at == &at && h->is_open()) end(*h, half::fate::killed);
}

void traffic::end(half& h, half::fate how, wire::reason why) {
  h.how = how;
  h.why = why;
  h.over_at = world_.now();
  halves_.erase({h.at->index(), h.id});
}

bool traffic::all_over() const {
  return std::all_of(all_.begin(), all_.end(), [](const auto& c) { return c->over(); });
}

std::vector<conversation*> traffic::open_ones() const {
  std::vector<conversation*> open;
  for (const auto& c : all_)
    if (!c->over()) open.push_back(c.get());
  return open;
}

}  // namespace gof::test
