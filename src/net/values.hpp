#pragma once

#include "base/id.hpp"
#include "secure/identity.hpp"
#include "wire/ticket.hpp"

#include <gof/identity.hpp>
#include <gof/ticket.hpp>

namespace gof {

struct identity::impl {
  secure::identity self;
};

struct ticket::impl {
  wire::ticket parts;
};

namespace net {

inline peer_id id_of(const peer& who) {
  return peer_id(who.key());
}

inline peer peer_of(const peer_id& who) {
  return peer(who.value);
}

}  // namespace net
}  // namespace gof
