#pragma once

#include "mesh/record_store.hpp"
#include "secure/derive.hpp"
#include "secure/signature.hpp"
#include "support/seeded_random.hpp"

namespace gof::core {

/// A node without a mesh, which signs records.
struct author {
  secure::identity self;
  instance_id instance;

  explicit author(random_source& random)
      : self(secure::identity::generate(random)), instance(random.draw<instance_id>()) {}

  node_id node() const { return secure::node_of(self.id(), instance); }

  wire::record sign(wire::record_part part, std::uint64_t seq, bytes body,
                    std::uint32_t lifetime = 600) const {
    wire::record r;
    r.part = part;
    r.peer = self.id();
    r.instance = instance;
    r.seq = seq;
    r.lifetime = lifetime;
    r.body = std::move(body);
    r.signature = secure::sign(self, wire::record::signature_label, r.signed_part());
    return r;
  }
  bytes links(std::uint64_t seq, const wire::record_links& body = {}, std::uint32_t lifetime = 600) const {
    return sign(wire::record_part::links, seq, body.encode(), lifetime).encode();
  }
  bytes profile(std::uint64_t seq, const wire::record_profile& body = {}) const {
    return sign(wire::record_part::profile, seq, body.encode()).encode();
  }
};

}  // namespace gof::core
