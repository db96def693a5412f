// Records as members of the mesh may abuse them: three neighbours with validly signed records of any content,
// and with arbitrary frames. Routes must stay short, have no loop, and begin at a neighbour. A record counts
// only for its author.
#include "check.hpp"
#include "input.hpp"
#include "mesh/mesh.hpp"
#include "secure/derive.hpp"
#include "secure/signature.hpp"
#include "support/seeded_random.hpp"
#include "wire/have.hpp"
#include "wire/record_frame.hpp"

#include <set>

using namespace gof;

namespace {

struct author {
  secure::identity self;
  instance_id instance;
  node_id node;

  explicit author(random_source& random)
      : self(secure::identity::generate(random)),
        instance(random.draw<instance_id>()),
        node(secure::node_of(self.id(), instance)) {}

  bytes sign(wire::record_part part, std::uint64_t seq, bytes body) const {
    wire::record r;
    r.part = part;
    r.peer = self.id();
    r.instance = instance;
    r.seq = seq;
    r.lifetime = 600;
    r.body = std::move(body);
    r.signature = secure::sign(self, wire::record::signature_label, r.signed_part());
    return r.encode();
  }
};

const std::vector<author>& authors() {
  static const std::vector<author> all = [] {
    test::seeded_random random(5);
    std::vector<author> made;
    for (int i = 0; i < 6; ++i) made.emplace_back(random);
    return made;
  }();
  return all;
}

class run {
 public:
  explicit run(const_bytes input)
      : in_(input), self_(authors()[0]), at_({self_.self, self_.instance, in_.flag()}, random_) {}

  void all() {
    for (std::size_t i = 1; i <= 3; ++i) come(i);
    while (!in_.over()) {
      step();
      settle();
      judge();
    }
  }

 private:
  fuzz::script in_;
  test::seeded_random random_{9};
  const author& self_;
  core::mesh at_;
  instant now_{1000s};
  std::set<link_id> up_;

  void come(std::size_t i) {
    const auto& other = authors()[i];
    core::mesh::neighbour n{link_id{i}, other.node, other.self.id(), core::mesh::neighbour::kind::member, {},
                            0,          0};
    if (i == 3) {
      n.is = core::mesh::neighbour::kind::guest;
      n.issuers.push_back(self_.self.id());
    }
    n.our_label = static_cast<std::uint16_t>(i);
    n.their_label = static_cast<std::uint16_t>(10 + i);
    at_.handle_link_up(now_, n);
    up_.insert(n.link);
  }

  bool is_up(const node_id& neighbour) const {
    for (const auto link : up_)
      if (authors()[static_cast<std::size_t>(link)].node == neighbour) return true;
    return false;
  }

  node_id some_node() { return authors()[in_.below(authors().size())].node; }

  void step() {
    const auto i = 1 + in_.below(3);
    const link_id from{i};
    switch (in_.byte() % 8) {
      case 0: return frame(from, wire::frame_type::have, in_.block());
      case 1: return frame(from, wire::frame_type::want, in_.block());
      case 2: return frame(from, wire::frame_type::record, in_.block());
      case 3: {
        wire::record_links told;
        told.relays = in_.flag();
        for (auto n = in_.below(8); n > 0; --n)
          told.links.push_back({some_node(), in_.byte(), {in_.byte(), 0, 0}});
        return record(from, wire::record_part::links, told.encode());
      }
      case 4: return record(from, in_.flag() ? wire::record_part::links : wire::record_part::profile, {});
      case 5: {
        if (up_.erase(from) > 0) return at_.handle_link_down(now_, from);
        return come(i);
      }
      case 6: {
        now_ += in_.size() * 1ms;
        return at_.handle_timeout(now_);
      }
      default: {
        wire::have told;
        told.items.push_back(
            {{some_node(), in_.flag() ? wire::record_part::links : wire::record_part::profile}, in_.size()});
        return frame(from, wire::frame_type::have, told.encode());
      }
    }
  }

  /// A record is its author's, whichever neighbour passes it on.
  void record(link_id from, wire::record_part part, bytes body) {
    const auto& by = authors()[in_.below(authors().size())];
    const auto seq = in_.size();
    if (body.empty()) {
      const auto said = in_.block();
      body.assign(said.begin(), said.end());
    }
    auto whole = by.sign(part, seq, std::move(body));
    if (in_.byte() % 8 == 0) whole[in_.byte() % whole.size()] ^= 1;
    frame(from, wire::frame_type::record,
          wire::record_frame{static_cast<std::uint32_t>(in_.size()), whole}.encode());
  }

  void frame(link_id from, wire::frame_type type, const_bytes body) {
    if (!up_.contains(from)) return;
    if (at_.handle_frame(now_, from, type, body)) return;
    up_.erase(from);
    at_.handle_link_down(now_, from);
  }

  void settle() {
    for (auto out = at_.poll_transmit(now_); out; out = at_.poll_transmit(now_)) {
      fuzz::check(up_.contains(out->link) && out->body.size() <= wire::frame::largest);
      if (out->type != wire::frame_type::record) continue;
      const auto told = wire::record_frame::decode(out->body);
      const auto r = told ? wire::record::decode(told->data) : std::nullopt;
      fuzz::check(r &&
                  secure::verify(r->peer, wire::record::signature_label, r->signed_part(), r->signature));
    }
    while (at_.poll_event(now_)) {
    }
  }

  void judge() const {
    fuzz::check(at_.records().all().size() <= 2 * authors().size() + 2);
    for (const auto& a : authors()) {
      if (const auto who = at_.peer_of(a.node)) fuzz::check(*who == a.self.id());
      for (const auto& way : at_.routes_to(a.node)) {
        fuzz::check(way.labels.size() == way.through.size());
        fuzz::check(way.labels.size() <= core::topology::most_labels);
        fuzz::check(way.first == (way.through.empty() ? a.node : way.through.front()));
        fuzz::check(is_up(way.first));
        const std::set<node_id> on(way.through.begin(), way.through.end());
        fuzz::check(on.size() == way.through.size() && !on.contains(self_.node) && !on.contains(a.node));
      }
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  run({data, size}).all();
  return 0;
}
